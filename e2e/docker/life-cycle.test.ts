import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { deadlines, restarts, surroundings } from "../jrun/life-cycle.ts";
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
    });
    await gate.open();
  });
});
