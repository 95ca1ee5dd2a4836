import { describe, expect, inject, test } from "vitest";
import { ContainerEvents } from "../jrun/container-events.ts";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

/** Room for two jobs of the usual size. */
const compute = { capacity: { cpu: "200m", memory: "1Gi" } };
const EXIT_NEVER_FITS = 5;

describe.skipIf(!inject("docker").available)("an engine without room", () => {
  test("refuses what never fits, and keeps nothing of it", async () => {
    await using workspace = await Workspace.create({ compute });
    const line = await workspace.submitLine("large", "true", "--memory", "2Gi");
    const { exitCode, stderr } = await workspace.run(...line);
    expect(exitCode).toBe(EXIT_NEVER_FITS);
    expect(stderr).toMatch(/2 ?Gi/);
    expect(stderr).toMatch(/1 ?Gi/);
    expect(await workspace.jobs()).toEqual([]);
    expect(await workspace.containers()).toEqual([]);
  });

  test("lets a job wait, says why, and starts it when room appears", async () => {
    await using workspace = await Workspace.create({ compute });
    const gate = new Gate(workspace, "go");
    await workspace.submitStarted("first", gate.sh, "--cpu", "150m");
    const line = await workspace.submitLine("second", "echo ran", "--cpu", "150m", "--wait");
    const second = workspace.start(...line);
    await second.until("second is queued: Waits for");
    const { status } = await workspace.job("second");
    expect(status).toMatchObject({ phase: "queued", reason: "WaitingForResources", npending: 1 });
    expect(status.message).toMatch(/0?\.15|150m/);
    expect(await workspace.jrun("status", "second")).toContain(status.message);
    expect(await workspace.containers()).toHaveLength(1);
    await gate.open();
    await second.success();
    expect(await workspace.jrun("logs", "second")).toBe("ran\n");
  });

  test("never runs more than fits, though many submit at once and none of them stays", async () => {
    await using workspace = await Workspace.create({ compute });
    using events = await ContainerEvents.follow(workspace.docker, workspace.namespace);
    const names = ["a", "b", "c", "d", "e"];
    await Promise.all(names.map((name) => workspace.submit(name, "sleep 0.3")));
    // From here on no command of ours runs: only the agent acts.
    await events.until("die", names.length);
    expect(events.mostRunning).toBe(2);
    expect(events.count("start")).toBe(names.length);
    const jobs = await workspace.jobs();
    expect(jobs).toHaveLength(names.length);
    for (const { status } of jobs) expect(status).toMatchObject({ phase: "succeeded" });
  });
});
