import type Docker from "dockerode";
import { describe, expect, inject, test } from "vitest";
import { Gate } from "../jrun/gate.ts";
import { Workspace } from "../jrun/workspace.ts";

/** Runs a container as somebody else would who copied labels of ours; it goes with the workspace. */
async function runForeign(
  workspace: Workspace,
  labels: Record<string, string>,
): Promise<Docker.Container> {
  const container = await workspace.docker.createContainer({
    Image: inject("docker").images.busybox,
    Cmd: ["sh", "-c", "echo I am foreign; exec sleep 300"],
    Labels: { ...labels, "juliarun.namespace": workspace.namespace },
  });
  await container.start();
  return container;
}

describe.skipIf(!inject("docker").available)("a container with our labels by somebody else", () => {
  const kinds: readonly (readonly [string, (labels: Record<string, string>) => object])[] = [
    ["some labels", () => ({ "juliarun.managed": "true" })],
    ["a real job's labels", (labels) => labels],
    ["labels of a worker more", (labels) => ({ ...labels, "juliarun.index": "7" })],
    ["labels of a job that never was", (labels) => ({ ...labels, "juliarun.uid": "0".repeat(36) })],
  ];

  test.each(kinds)("with %s is not counted, listed, logged or killed", async (_kind, toLabels) => {
    const compute = { capacity: { cpu: "200m", memory: "1Gi" } };
    await using workspace = await Workspace.create({ compute });
    const gate = new Gate(workspace, "go");
    const container = await workspace.submitStarted("real", `echo I am real; ${gate.sh}`);
    const real = await container.inspect();
    const foreign = await runForeign(workspace, { ...toLabels(real.Config.Labels) });

    // It takes no room of the two places.
    await workspace.submit("other", "echo other");
    await workspace.jrun("wait", "other");
    const { status } = await workspace.job("real");
    expect(status).toMatchObject({ phase: "running", units: [{ name: "master", attempts: 1 }] });
    expect(status.units).toHaveLength(1);
    expect(await workspace.jobs()).toHaveLength(2);
    expect(await workspace.jrun("logs", "real")).toBe("I am real\n");
    expect(await workspace.jrun("logs")).not.toContain("foreign");

    await gate.open();
    await workspace.jrun("wait", "real");
    await workspace.jrun("delete", "real", "other");
    expect(await workspace.jobs()).toEqual([]);
    expect((await foreign.inspect()).State).toMatchObject({ Running: true });
  });

  test("is not taken for a lost job when the records are lost", async () => {
    await using workspace = await Workspace.create();
    await workspace.submit("real", "true");
    await workspace.jrun("wait", "real");
    const { Labels } = (await (await workspace.container("real")).inspect()).Config;
    const foreign = await runForeign(workspace, {
      ...Labels,
      "juliarun.job": "forged",
      "juliarun.uid": "1".repeat(36),
    });
    await workspace.jrun("delete", "real");
    await workspace.loseRecords();
    expect(await workspace.jobs()).toEqual([]);
    expect((await foreign.inspect()).State.Running).toBe(true);
  });
});
