import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Interruption } from "../interruption.ts";
import { MemoryCli, program } from "../testing/memory-cli.ts";

const forever = { do: "untilStopped" } as const;

describe("jrun run", () => {
  let cli: MemoryCli;

  beforeEach(async () => {
    cli = await MemoryCli.inFolder();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  beforeEach(async () => writeFile(join(cli.folder, "My Script.jl"), 'println("hello")'));

  it("runs a script of this machine under a fresh name, and keeps the job", async () => {
    const { exitCode, stdout } = await cli.run("run", "My Script.jl");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^simulated: /);
    const jobs = JSON.parse((await cli.run("ls", "-o", "json")).stdout) as {
      name: string;
      spec: unknown;
    }[];
    expect(jobs).toHaveLength(1);
    expect(jobs[0]?.name).toMatch(/^my-script-[a-z2-9]{5}$/);
    expect(jobs[0]?.spec).toMatchObject({
      files: [{ name: "My_Script.jl", bytes: 16 }],
      parameters: { restart: "never" },
    });
  });

  it("gives arguments to the script, also those that look like options, and ends with its exit code", async () => {
    const steps = program([
      { do: "print", text: "done" },
      { do: "exit", code: 42 },
    ])[1];
    const result = await cli.run(
      "run",
      "--name",
      "x",
      "My Script.jl",
      "-n",
      "--help",
      String(steps),
    );
    expect(result).toMatchObject({ exitCode: 42, stdout: "done\n" });
    expect((await cli.open().inspect("x")).spec.parameters["args"]).toEqual([
      "-n",
      "--help",
      steps,
    ]);
  });

  it("deletes the job with --rm, prints its name with --detach", async () => {
    await cli.run("run", "--rm", "My Script.jl");
    expect((await cli.run("ls", "-o", "name")).stdout).toBe("");
    const detached = await cli.run("run", "-d", "--name", "x", "My Script.jl");
    expect(detached).toMatchObject({ exitCode: 0, stdout: "x\n" });
  });

  it("makes a parallel job where workers are asked for", async () => {
    await cli.run("run", "-d", "--name", "p", "--nworkers", "2", "-e", "A=1", "My Script.jl");
    const { type, spec } = await cli.open().inspect("p");
    expect([type, spec.parameters["nworkers"], spec.parameters["envvars"]]).toEqual([
      "JuliaParBatch",
      2,
      { A: "1" },
    ]);
  });

  it("says what is wrong with a script", async () => {
    expect(await cli.run("run", "nothing.jl")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("does not exist"),
    });
    expect(await cli.run("run", ".")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("is a folder"),
    });
  });

  it("stops and deletes its job when interrupted", async () => {
    const steps = program([{ do: "print", text: "up" }, forever])[1];
    const running = cli.start("run", "--name", "x", "My Script.jl", String(steps));
    await expect.poll(() => running.io.stdout.text()).toBe("up\n");
    running.io.abort.abort(Interruption.bySignal("SIGINT"));
    expect(await running.result).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining("stopping and deleting x"),
    });
    expect((await cli.run("ls", "-o", "name")).stdout).toBe("");
  });
});
