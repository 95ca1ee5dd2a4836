import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import type { RunningJrun } from "../jrun/running-jrun.ts";
import { Workspace } from "../jrun/workspace.ts";

const QUICKLY_MS = 3000;
const EXIT_NOT_FOUND = 3;

async function interrupted(
  running: RunningJrun,
  signal: "SIGINT" | "SIGTERM" = "SIGINT",
): Promise<number | undefined> {
  const began = performance.now();
  running.kill(signal);
  const { exitCode, stderr } = await running.result();
  expect(performance.now() - began).toBeLessThan(QUICKLY_MS);
  expect(stderr).not.toMatch(/^\s+at /m);
  // A command that ended by itself just before may have had an error to tell.
  expect(exitCode === EXIT_NOT_FOUND ? "" : stderr).not.toContain("error:");
  return exitCode;
}

describe.skipIf(!inject("docker").available)("Ctrl-C", () => {
  test("ends commands that wait or follow, and touches no job", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("long", `echo up; ${new Gate(workspace, "never").sh}`);
    await workspace.start("logs", "long", "-f").until("up");
    const commands: readonly (readonly [string[], string])[] = [
      [["logs", "long", "-f"], "up"],
      [["logs", "-f"], "up"],
      [["ls", "--watch"], "long"],
      [["status", "long", "--watch"], "long"],
    ];
    for (const [args, text] of commands) {
      const running = workspace.start(...args);
      await running.until(text);
      expect([args, await interrupted(running)]).toEqual([args, 130]);
    }
    const waiting = workspace.start("wait", "long");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(await interrupted(waiting, "SIGTERM")).toBe(143);
    expect((await workspace.job("long")).status.phase).toBe("running");
  });

  test("ends submit --follow, and the job goes on", async () => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    const running = workspace.start(
      ...(await workspace.submitLine("long", `echo up; ${gate.sh}`, "--follow")),
    );
    await running.until("up");
    expect(await interrupted(running)).toBe(130);
    await gate.open();
    expect(await workspace.jrun("wait", "long")).toContain("long succeeded");
  });

  test("stops and deletes the job of jrun run", async () => {
    await using workspace = await Workspace.create();
    await writeFile(join(workspace.folder, "long.jl"), 'println("up"); sleep(600)');
    const running = workspace.start("run", "long.jl");
    await running.until("up");
    running.kill("SIGINT");
    expect(await running.result()).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining("stopping and deleting long-"),
    });
    expect(await workspace.jobs()).toEqual([]);
    expect(await workspace.containers()).toEqual([]);
  });

  test("ends a scaling in steps between two of them; the job keeps what it has", async () => {
    await using workspace = await Workspace.create({
      compute: { capacity: { cpu: "300m", memory: "1Gi" } },
    });
    const path = await workspace.file("work.sh", new Gate(workspace, "never").sh);
    const line = ["submit", "JuliaParBatchWorkers", "work", path, "juliarun", "--image", "sh"];
    await workspace.jrun(...line, "--cpu", "100m", "--memory", "16Mi");
    const running = workspace.start("scale", "work", "1:10");
    await running.until("step 3 of 10", "stderr");
    // There is no room for a fourth one: that step is never reached.
    const requested = async () => (await workspace.job("work")).status.parallelism;
    await expect.poll(requested, { timeout: 20_000 }).toBe(4);
    expect(await interrupted(running)).toBe(130);
    const { status } = await workspace.job("work");
    expect([status.nworkersRunning, status.parallelism]).toEqual([3, 4]);
  });

  test("ends short commands at any moment", async () => {
    await using workspace = await Workspace.create();
    const submit = await workspace.submitLine("short", new Gate(workspace, "never").sh);
    for (const args of [
      submit,
      ["ls"],
      ["status"],
      ["status", "short"],
      ["logs"],
      ["delete", "short", "--force"],
    ]) {
      for (const afterMs of [50, 200, 400]) {
        const running = workspace.start(...args);
        await new Promise((resolve) => setTimeout(resolve, afterMs));
        const exitCode = await interrupted(running);
        // Before its handler stands, the signal itself ends the process; after its end, its own code counts.
        expect([130, undefined, 0, EXIT_NOT_FOUND]).toContain(exitCode);
      }
    }
    // Whatever was begun is finished or undone: the name can be used.
    await workspace.jrun("delete", "short", "--force", "--ignore-missing");
    expect(await workspace.containers()).toEqual([]);
    await workspace.jrun(...submit);
    await workspace.jrun("delete", "short", "--force");
  });
});
