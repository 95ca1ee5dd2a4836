import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

describe.skipIf(!inject("docker").available)("jobs of one name", () => {
  test("two processes submit the same job at once: it is there once, and both are told of it", async () => {
    await using workspace = await Workspace.create();
    const line = await workspace.submitLine("same", new Gate(workspace, "never").sh, "-o", "json");
    const both = await Promise.all([workspace.run(...line), workspace.run(...line)]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const uids = both.map(({ stdout }) => (JSON.parse(stdout) as { uid: string }).uid);
    expect(uids[0]).toBe(uids[1]);
    expect(await workspace.jobs()).toHaveLength(1);
    await expect.poll(async () => workspace.containers(), { timeout: 20_000 }).toHaveLength(1);
  });

  test("two processes submit different jobs at once: one wins, the other hears of it", async () => {
    await using workspace = await Workspace.create();
    const wait = new Gate(workspace, "never").sh;
    const one = await workspace.submitLine("same", wait, "--args", "1");
    const two = await workspace.submitLine("same", wait, "--args", "2");
    const both = await Promise.all([workspace.run(...one), workspace.run(...two)]);
    expect(both.map(({ exitCode }) => exitCode).toSorted((a, b) => Number(a) - Number(b))).toEqual([
      0, 4,
    ]);
    expect(both.find(({ exitCode }) => exitCode === 4)?.stderr).toMatch(
      /^error: .*exists.*\nhint: .*--replace/s,
    );
  });

  test("the same submit again runs nothing, and says loudly that the job is the old one", async () => {
    await using workspace = await Workspace.create();
    const line = await workspace.submitLine("again", "echo ran >> /mnt/juliarun/again.runs");
    await workspace.jrun(...line, "--wait");
    const again = await workspace.run(...line);
    expect(again).toMatchObject({ exitCode: 0, stdout: "" });
    expect(again.stderr).toMatch(
      /^warning: NOT RUN AGAIN: again is the OLD job .*succeeded.*\nhint: .*--replace/,
    );
    expect(await workspace.readFile("again.runs")).toBe("ran\n");
    await workspace.jrun(...line, "--replace", "--wait");
    expect(await workspace.readFile("again.runs")).toBe("ran\nran\n");
  });

  test("a running job is replaced by force only", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("long", `echo first; ${new Gate(workspace, "never").sh}`);
    await workspace.start("logs", "long", "-f").until("first");
    const next = await workspace.submitLine("long", "echo second", "--args", "2");
    expect(await workspace.run(...next)).toMatchObject({ exitCode: 4 });
    expect(await workspace.run(...next, "--replace")).toMatchObject({ exitCode: 4 });
    await workspace.jrun(...next, "--replace", "--force", "--wait");
    expect(await workspace.jrun("logs", "long")).toBe("second\n");
    expect(await workspace.containers()).toHaveLength(1);
  });

  test("delete and submit, back to back, five times", async () => {
    await using workspace = await Workspace.create();
    const line = await workspace.submitLine("again", `echo up; ${new Gate(workspace, "never").sh}`);
    for (let round = 0; round < 5; round++) {
      await workspace.jrun(...line);
      if (round % 2 === 0) await workspace.start("logs", "again", "-f").until("up");
      expect(await workspace.jrun("delete", "again", "--force")).toBe("deleted: again\n");
      expect(await workspace.containers()).toEqual([]);
    }
    await workspace.jrun(...line);
    await workspace.start("logs", "again", "-f").until("up");
    expect(await workspace.containers()).toHaveLength(1);
  });

  test("delete wants force for a running job, and fails for one that is not there", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("long", new Gate(workspace, "never").sh);
    const refused = await workspace.run("delete", "long");
    expect(refused).toMatchObject({ exitCode: 4, stderr: expect.stringContaining("--force") });
    await workspace.jrun("delete", "long", "--force");
    expect(await workspace.run("delete", "long")).toMatchObject({ exitCode: 3 });
    expect(await workspace.jrun("delete", "long", "--ignore-missing")).toBe("");
  });
});
