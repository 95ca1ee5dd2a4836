import { readdir, stat, writeFile } from "node:fs/promises";
import { describe, expect, inject, test } from "vitest";
import { ContainerEvents } from "../jrun/container-events.ts";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

const EXIT_CONFIG = 2;

async function expectNamed(workspace: Workspace): Promise<void> {
  const line = await workspace.submitLine("hello", "true");
  const { exitCode, stderr } = await workspace.run(...line);
  expect(exitCode).toBe(EXIT_CONFIG);
  expect(stderr).toContain(workspace.stateFolder);
  expect(stderr).toContain("JRUN_STATE_DIR");
  expect(await workspace.containers()).toEqual([]);
}

describe.skipIf(!inject("docker").available)("records of jobs that are lost", () => {
  test("are rebuilt from what the engine has: jobs go on, are shown, end and are deleted", async () => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    await workspace.submit("running", `echo begun; ${gate.sh}; echo done`, "--labels", "team=blue");
    await workspace.submit("failed", "exit 7", "--restart", "never");
    await workspace.run("wait", "failed");
    const before = await workspace.job("running");
    await workspace.loseRecords();

    const after = await workspace.job("running");
    expect(after).toMatchObject({ uid: before.uid, hash: before.hash, spec: before.spec });
    expect(after.status).toMatchObject({ phase: "running", submittedAt: before.createdAt });
    expect((await workspace.job("failed")).status).toMatchObject({ phase: "failed", exitCode: 7 });
    // The very same submit finds the job that it made.
    const script = `echo begun; ${gate.sh}; echo done`;
    const again = await workspace.run(
      ...(await workspace.submitLine("running", script, "--labels", "team=blue")),
    );
    expect(again.stderr).toContain("nothing new was started");

    await gate.open();
    await workspace.jrun("wait", "running");
    expect(await workspace.jrun("logs", "running")).toBe("begun\ndone\n");
    await workspace.jrun("delete", "running", "failed");
    expect(await workspace.containers()).toEqual([]);
  });

  test("keep the cookie: a worker that replaces a killed one joins the master", async () => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    const program = `
      using Distributed, JuliaRun
      wait_for_workers(1)
      println("first worker joined")
      ${gate.julia}
      while nprocs() < 2; sleep(0.05); end
      println("sum ", sum(pmap(identity, 1:4)))`;
    const script = await workspace.file("master.jl", program);
    const flags = ["--run-volume", "juliarun", "--nworkers", "1"];
    await workspace.jrun("submit", "JuliaParBatch", "par", "--start-script", script, ...flags);
    const logs = workspace.start("logs", "par", "--unit", "master", "-f");
    await logs.until("first worker joined");
    logs.kill("SIGTERM");
    await logs.result();
    await workspace.jrun("agent", "--stop");
    await workspace.loseRecords();

    using events = await ContainerEvents.follow(workspace.docker, workspace.namespace);
    await (await workspace.container("par", "worker-0")).remove({ force: true });
    const waiting = workspace.start("wait", "par");
    await events.until("start");
    await gate.open();
    await waiting.success();
    expect(await workspace.jrun("logs", "par", "--unit", "master")).toContain("sum 10\n");
  });

  test("because their file is damaged are rebuilt as well, and the file is kept", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("hello", "echo hello");
    await workspace.jrun("wait", "hello");
    await workspace.jrun("agent", "--stop");
    for (const file of await workspace.recordFiles()) await writeFile(file, "x".repeat(20_000));
    const { exitCode, stderr } = await workspace.run("ls");
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/damaged.*rebuilt/);
    expect((await workspace.job("hello")).status.phase).toBe("succeeded");
    const names = await readdir(workspace.stateFolder, { recursive: true });
    expect(names.some((name) => name.includes(".damaged-"))).toBe(true);
  });

  test("are for their owner's eyes only", async () => {
    await using workspace = await Workspace.create();
    await workspace.jrun("ls");
    const files = await workspace.recordFiles();
    expect(files).not.toEqual([]);
    for (const file of files) expect((await stat(file)).mode & 0o077).toBe(0);
    expect((await stat(workspace.stateFolder)).mode & 0o077).toBe(0);
  });

  test("cannot be kept where there is a file: it is named, with what to do", async () => {
    await using workspace = await Workspace.create();
    await writeFile(workspace.stateFolder, "");
    await expect(expectNamed(workspace)).resolves.toBeUndefined();
  });

  test("cannot be kept where nothing can be written: it is named, with what to do", async () => {
    // Not even root can make a folder here.
    await using workspace = await Workspace.create({ stateFolder: "/sys/juliarun" });
    await expect(expectNamed(workspace)).resolves.toBeUndefined();
  });
});
