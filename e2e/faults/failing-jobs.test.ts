import { describe, expect, inject, test } from "vitest";
import { ContainerEvents } from "../jrun/container-events.ts";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

/** A net below the engine's events. */
const LOOK_AGAIN_MS = 30_000;

describe.skipIf(!inject("docker").available)("a job that fails", () => {
  test("of memory says so, with the limit's exit code, after its restarts", async () => {
    await using workspace = await Workspace.create();
    const script = await workspace.file("hungry.jl", "x = zeros(UInt8, 2^30); println(sum(x))");
    const submitted = ["hungry", script, "juliarun", "--memory", "256Mi", "--max-restarts", "1"];
    await workspace.jrun("submit", "JuliaBatch", ...submitted);
    const wait = await workspace.run("wait", "hungry");
    expect(wait).toMatchObject({ exitCode: 1 });
    expect(wait.stdout).toMatch(/out of memory.*memory limit/i);
    const { status } = await workspace.job("hungry");
    expect(status).toMatchObject({ phase: "failed", reason: "OutOfMemory", exitCode: 137 });
    expect(status.message).toMatch(/memory limit.*after 1 restart/);
    expect(status.units).toMatchObject([{ name: "master", attempts: 2, exitCode: 137 }]);
    expect(await workspace.jrun("status", "hungry")).toContain("OutOfMemory");
  });

  test("of memory once is not called out of memory for another failure later", async () => {
    await using workspace = await Workspace.create();
    const greedy = "[ -e greedy ] && exit 5; touch greedy; head -c 200m /dev/zero | tail";
    await workspace.submit("greedy", greedy, "--max-restarts", "1");
    expect(await workspace.run("wait", "greedy")).toMatchObject({ exitCode: 1 });
    const { status } = await workspace.job("greedy");
    expect(status).toMatchObject({ phase: "failed", reason: "ExitCode", exitCode: 5 });
    expect(status.units).toMatchObject([{ attempts: 2 }]);
  });

  test("is started again up to its limit, and not once more", async () => {
    await using workspace = await Workspace.create();
    const script = "echo start >>starts; exit 7";
    await workspace.submit("failing", script, "--max-restarts", "2");
    expect(await workspace.run("wait", "failing")).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining("exit code 7 after 2 restarts"),
    });
    const { status } = await workspace.job("failing");
    expect(status).toMatchObject({ phase: "failed", reason: "ExitCode", exitCode: 7 });
    expect(status.units).toMatchObject([{ attempts: 3 }]);
    expect((await workspace.readFile("failing/starts")).split("\n")).toHaveLength(3 + 1);
  });

  test("is told at once, and not only when somebody looks again", async () => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    const script = `${gate.sh}; exit 7`;
    const line = await workspace.submitLine("sudden", script, "--restart", "never", "--wait");
    using events = await ContainerEvents.follow(workspace.docker, workspace.namespace);
    const submit = workspace.start(...line);
    await events.until("start");
    await gate.open();
    expect(await submit.result()).toMatchObject({ exitCode: 1 });
    const { finishedAt = 0 } = (await workspace.job("sudden")).status;
    expect(Date.now() - finishedAt).toBeLessThan(LOOK_AGAIN_MS / 2);
  });

  test("never, with restart policy never", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("once", "exit 7", "--restart", "never");
    expect(await workspace.run("wait", "once")).toMatchObject({ exitCode: 1 });
    expect((await workspace.job("once")).status.units).toMatchObject([{ attempts: 1 }]);
  });

  test("and then succeeds is a success", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("second", "[ -e tried ] || { touch tried; exit 1; }");
    await workspace.jrun("wait", "second");
    expect((await workspace.job("second")).status).toMatchObject({
      phase: "succeeded",
      exitCode: 0,
      units: [{ attempts: 2 }],
    });
  });
});
