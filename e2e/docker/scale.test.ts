import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

const SIZE = ["--image", "sh", "--cpu", "10m", "--memory", "16Mi"];

async function array(workspace: Workspace, script: string, nworkers: number): Promise<void> {
  const path = await workspace.file("work.sh", script);
  const line = ["submit", "JuliaParBatchWorkers", "work", path, "juliarun", ...SIZE];
  await workspace.jrun(...line, "--nworkers", String(nworkers));
}

async function isAskedFor(workspace: Workspace, workers: number): Promise<void> {
  const asked = async (): Promise<number> => (await workspace.job("work")).status.parallelism;
  await expect.poll(asked, { timeout: 30_000 }).toBe(workers);
}

async function running(workspace: Workspace): Promise<string[]> {
  const containers = await workspace.containers();
  return containers.filter(({ State }) => State === "running").map(({ Id }) => Id);
}

describe.skipIf(!inject("docker").available)("jrun scale", () => {
  test("goes up in steps, down, to zero and back, and leaves running workers alone", async () => {
    await using workspace = await Workspace.create();
    const gate = new Gate(workspace, "go");
    await array(workspace, gate.sh, 0);
    expect(await workspace.jrun("scale", "work")).toBe("work: 0 running, 0 requested\n");
    expect((await workspace.job("work")).status.phase).toBe("idle");
    const steps = await workspace.run("scale", "work", "1:2:5");
    expect(steps).toMatchObject({ exitCode: 0, stdout: "work: 5 running, 5 requested\n" });
    expect(steps.stderr).toContain("step 2 of 3, 3 running");
    const before = await running(workspace);
    await workspace.jrun("scale", "work", "2", "--wait");
    const after = await running(workspace);
    expect(after).toHaveLength(2);
    expect(before).toEqual(expect.arrayContaining(after));
    expect(await workspace.jrun("scale", "work", "0", "--wait")).toContain(
      "0 running, 0 requested",
    );
    expect(await workspace.jrun("scale", "work", "2", "--wait")).toContain(
      "2 running, 2 requested",
    );
    await gate.open();
    await workspace.jrun("wait", "work");
    expect((await workspace.job("work")).status).toMatchObject({
      succeeded: true,
      nworkersSucceeded: 2,
    });
  });

  test("returns at once without --wait; the agent starts the workers", async () => {
    await using workspace = await Workspace.create();
    await array(workspace, `echo up; ${new Gate(workspace, "never").sh}`, 0);
    expect(await workspace.jrun("scale", "work", "2")).toContain("2 requested");
    const follow = workspace.start("logs", "work", "-f");
    await follow.until("up", "stdout", 2);
    expect(await workspace.jrun("scale", "work", "-o", "json")).toBe(
      `${JSON.stringify({ running: 2, requested: 2 }, undefined, 2)}\n`,
    );
  });

  test("says when a step cannot be reached any more", async () => {
    const compute = { capacity: { cpu: "10m", memory: "1Gi" } };
    await using workspace = await Workspace.create({ compute });
    await array(workspace, new Gate(workspace, "never").sh, 0);
    const scaling = workspace.start("scale", "work", "1:3");
    await scaling.until("step 1 of 3", "stderr");
    // The second worker does not fit. Somebody changes their mind.
    await isAskedFor(workspace, 2);
    await workspace.jrun("scale", "work", "1");
    expect(await scaling.result()).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("somebody else asked for 1"),
    });
    const again = workspace.start("scale", "work", "2", "--wait");
    await isAskedFor(workspace, 2);
    await workspace.jrun("delete", "work", "--force");
    expect(await again.result()).toMatchObject({ exitCode: expect.toBeOneOf([3, 4]) });
  });

  test("refuses what makes no sense", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("single", new Gate(workspace, "never").sh);
    expect(await workspace.run("scale", "single", "2")).toMatchObject({ exitCode: 2 });
    await array(workspace, "true", 0);
    expect(await workspace.run("scale", "work", "--", "-1")).toMatchObject({ exitCode: 2 });
    expect(await workspace.run("scale", "work", "1000000000")).toMatchObject({ exitCode: 2 });
    expect(await workspace.run("scale", "nobody", "1")).toMatchObject({ exitCode: 3 });
    await workspace.jrun("scale", "work", "1");
    await workspace.jrun("wait", "work");
    expect(await workspace.run("scale", "work", "2")).toMatchObject({ exitCode: 4 });
  });
});
