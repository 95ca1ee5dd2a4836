import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { PrivateEngine, privateEngineObstacle } from "../engine/private-engine.ts";
import { ContainerEvents } from "../jrun/container-events.ts";
import { Gate } from "../jrun/gate.ts";
import type { RunningJrun } from "../jrun/running-jrun.ts";
import { Workspace } from "../jrun/workspace.ts";
import { testEngine } from "../setup/test-engine.ts";

const available = inject("docker").available && privateEngineObstacle() === undefined;
const EXIT_UNREACHABLE = 6;
const PATIENCE = { timeout: 30_000 };
const started = "--- juliarun: started again";

/** Starts a command that listens to the engine's events, and waits until it does. */
async function startListener(workspace: Workspace, ...args: string[]): Promise<RunningJrun> {
  const listeners = async (): Promise<number> =>
    ((await workspace.docker.info()) as { NEventsListener: number }).NEventsListener;
  const before = await listeners();
  const running = workspace.start(...args);
  await expect.poll(listeners, PATIENCE).toBeGreaterThan(before);
  return running;
}

/** Whether all parts are in the whole, in its order and none more often. */
function isContained(parts: readonly string[], whole: readonly string[]): boolean {
  let found = 0;
  for (const each of whole) if (each === parts[found]) found++;
  return found === parts.length;
}

describe.skipIf(!available)("an engine that is stopped and started", () => {
  let engine: PrivateEngine;

  beforeAll(async () => {
    engine = await PrivateEngine.create();
    await engine.load(await testEngine(), inject("docker").images.busybox);
  });

  afterAll(async () => engine?.[Symbol.asyncDispose]());

  test.each([
    ["stop", 0],
    // What is written while no engine runs is in the file only.
    ["kill", Number.POSITIVE_INFINITY],
  ] as const)(
    "(%s) leaves followers, waiters and queued jobs as they were",
    async (how, mayMiss) => {
      const compute = { capacity: { cpu: "100m", memory: "1Gi" } };
      await using workspace = await Workspace.create({ engine, compute });
      const gate = new Gate(workspace, "go");
      const count = `i=0; until [ -e /mnt/juliarun/go ]; do i=$((i+1)); echo line $i; sleep 0.01; done`;
      await workspace.submit("counting", `echo begin; ${count}; echo end`);
      await workspace.submit("queued", "echo ran");
      const follow = workspace.start("logs", "counting", "-f");
      await follow.until("line 20\n");
      const waiting = await startListener(workspace, "wait", "counting");

      await engine[how]();
      const away = await workspace.run("status", "counting");
      expect(away).toMatchObject({ exitCode: EXIT_UNREACHABLE });
      expect(away.stderr).toContain(engine.host);
      await engine.start();

      // The engine has started the program again.
      await follow.until("begin\n", "stdout", 2);
      await gate.open();
      expect(await waiting.success()).toContain("counting succeeded");
      const followed = await follow.success();
      expect(followed.endsWith("end\n")).toBe(true);
      expect(followed).toBe(await workspace.jrun("logs", "counting"));
      const written = (await workspace.readFile("counting/log/master.stdout")).split("\n");
      const lines = written.filter((line) => !line.startsWith(started));
      const shown = followed.split("\n");
      expect(isContained(shown, lines)).toBe(true);
      expect(lines.length - shown.length).toBeLessThanOrEqual(mayMiss);

      const { status } = await workspace.job("counting");
      // What the engine did is not counted against the program.
      expect(status).toMatchObject({ phase: "succeeded", exitCode: 0, units: [{ attempts: 1 }] });
      await workspace.jrun("wait", "queued");
      expect(await workspace.jrun("logs", "queued")).toBe("ran\n");
    },
  );

  test.each(["stop", "kill"] as const)(
    "(%s) finds an agent again that starts what waits",
    async (how) => {
      const compute = { capacity: { cpu: "100m", memory: "1Gi" } };
      await using workspace = await Workspace.create({ engine, compute });
      const gate = new Gate(workspace, "go");
      await workspace.submit("first", gate.sh);
      await workspace.submit("second", "true");
      await engine[how]();
      await engine.start();
      // No command of ours runs: it is the agent that goes on.
      using events = await ContainerEvents.follow(engine.docker, workspace.namespace);
      await gate.open();
      await events.until("die", 1, "second");
      await workspace.jrun("wait", "first", "second");
      expect((await workspace.jobs()).map(({ status }) => status.phase)).toEqual([
        "succeeded",
        "succeeded",
      ]);
    },
  );

  test("does not bring back what has ended, was stopped or deleted meanwhile", async () => {
    await using workspace = await Workspace.create({ engine });
    await workspace.submit("ended", "true");
    await workspace.submit("failed", "exit 3", "--restart", "never");
    const master = await workspace.file("m.sh", "exit 0");
    const worker = await workspace.file("w.sh", "sleep 300");
    const scripts = ["--start-script", master, "--worker-start-script", worker];
    const flags = ["--run-volume", "juliarun", "--image", "sh", "--nworkers", "1"];
    await workspace.jrun("submit", "JuliaParBatch", "par", ...scripts, ...flags);
    await workspace.run("wait", "ended", "failed", "par");
    const before = await workspace.jobs();
    await engine.stop();
    await engine.start();
    expect(await workspace.jobs()).toEqual(before);
    const running = (await workspace.containers()).filter(({ State }) => State === "running");
    expect(running).toEqual([]);
  });

  test("while a job is deleted lets the deletion be finished later", async () => {
    await using workspace = await Workspace.create({ engine });
    const script = "trap '' TERM; echo deaf; while true; do sleep 0.1; done";
    await workspace.submit("deaf", script);
    const logs = workspace.start("logs", "deaf", "-f");
    await logs.until("deaf");
    const deletion = workspace.start("delete", "deaf", "--force");
    await expect
      .poll(async () => (await workspace.job("deaf")).status.phase, PATIENCE)
      .toBe("deleting");
    await engine.kill();
    const { exitCode, stderr } = await deletion.result();
    expect(exitCode).toBe(EXIT_UNREACHABLE);
    expect(stderr).toContain("goes on when the engine is back");
    await engine.start();
    await workspace.jrun("delete", "deaf", "--ignore-missing");
    expect(await workspace.jobs()).toEqual([]);
    expect(await workspace.containers()).toEqual([]);
  });
});
