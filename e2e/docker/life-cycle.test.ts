import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { deadlines, restarts, surroundings } from "../jrun/life-cycle.ts";
import { readOnlyIsKept } from "../jrun/read-only.ts";
import { Workspace } from "../jrun/workspace.ts";

describe.skipIf(!inject("docker").available)("jobs of every Julia type", () => {
  test("end at their deadline", async () => {
    await using workspace = await Workspace.create();
    await deadlines(workspace);
    expect(await workspace.jobs()).toHaveLength(3);
  });

  test("are restarted as often as they ask for", async () => {
    await using workspace = await Workspace.create();
    await restarts(workspace);
    expect(await workspace.jobs()).toHaveLength(4);
  });

  test("have environments, labels, dependencies and an end of their own", async () => {
    await using workspace = await Workspace.create();
    await surroundings(workspace);
    expect(await workspace.jobs()).toHaveLength(4);
  });

  test("cannot write to a read-only volume", async () => {
    await using workspace = await Workspace.create();
    await readOnlyIsKept(workspace);
    expect(await workspace.jobs()).toHaveLength(1);
  });

  test("may wait longer than they may run: the deadline counts from the start", async () => {
    await using workspace = await Workspace.create({
      compute: { capacity: { cpu: "100m", memory: "1Gi" } },
    });
    const gate = new Gate(workspace, "go");
    await workspace.submit("early", gate.sh);
    await workspace.submit("late", "sleep 1", "--max-runtime", "8s");
    const { createdAt } = await workspace.job("late");
    await expect.poll(() => Date.now() - createdAt, { timeout: 20_000 }).toBeGreaterThan(8000);
    expect((await workspace.job("late")).status).toMatchObject({ phase: "queued" });
    await gate.open();
    expect(await workspace.jrun("wait", "late")).toContain("late succeeded");
  });

  test("fail where their minimum of workers has no room in time", async () => {
    await using workspace = await Workspace.create({
      compute: { capacity: { cpu: "500m", memory: "1Gi" } },
    });
    const gate = new Gate(workspace, "go");
    await workspace.submit("early", gate.sh, "--cpu", "300m");
    const path = await workspace.file("pair.sh", "true");
    const line = ["submit", "JuliaParBatch", "pair", path, "juliarun", "--image", "sh"];
    const sizes = ["--cpu", "100m", "--memory", "16Mi", "--worker-memory", "16Mi"];
    const workers = ["--nworkers", "2", "--min-workers", "2", "--worker-cpu", "150m"];
    await workspace.jrun(...line, ...sizes, ...workers, "--start-timeout", "1s");
    const { exitCode } = await workspace.run("wait", "pair");
    expect(exitCode).toBe(1);
    expect((await workspace.job("pair")).status).toMatchObject({
      phase: "failed",
      reason: "StartTimeout",
      message: "Did not start with 2 workers within 1 s: the master waited, 0 of 2 workers ran.",
    });
    expect(await workspace.containers()).toHaveLength(1);
    await gate.open();
  });
});
