import { describe, expect, test, vi } from "vitest";
import { Gate } from "../../jrun/gate.ts";
import { podsOf, runningPods } from "../pods.ts";
import { KubeWorkspace, whyNoKubernetes } from "../workspace.ts";

const EXIT_NO_ROOM = 5;
const PATIENCE = { timeout: 40_000, interval: 500 };
const MIB = 2 ** 20;

/** Limits what all pods of the workspace's namespace may ask for, once the cluster has counted that they ask for nothing. */
async function limitTo(
  { client }: KubeWorkspace,
  hard: Readonly<Record<string, string>>,
): Promise<void> {
  const path = `/api/v1/namespaces/${client.namespace}/resourcequotas`;
  await client.create(path, { metadata: { name: "small" }, spec: { hard } });
  await vi.waitFor(async () => {
    const { status } = await client.get<{ status: { used?: object } }>(`${path}/small`);
    expect(Object.keys(status.used ?? {})).toEqual(Object.keys(hard));
  }, PATIENCE);
}

/** Half of the largest node's memory and some more: of which a node has room for one. */
async function moreThanHalfANode({ client }: KubeWorkspace): Promise<[string, number]> {
  const { items } = await client.get<{ items: { status: { allocatable: { memory: string } } }[] }>(
    "/api/v1/nodes",
  );
  const sizes = items.map(({ status }) => Number.parseInt(status.allocatable.memory, 10) / 1024);
  expect(items[0]?.status.allocatable.memory).toMatch(/Ki$/);
  return [`${Math.round(Math.max(...sizes) * 0.6)}Mi`, items.length];
}

describe.skipIf(whyNoKubernetes() !== undefined)(
  "a cluster without room",
  { concurrent: true },
  () => {
    test("refuses what no node is large enough for, and keeps nothing of it", async ({
      onTestFinished,
    }) => {
      // Who may not list nodes is not told, and waits.
      await using workspace = await KubeWorkspace.create({ administrator: true, onTestFinished });
      const line = await workspace.submitLine("large", "true", "--memory", "900Ti");
      const { exitCode, stderr } = await workspace.run(...line);
      expect(exitCode).toBe(EXIT_NO_ROOM);
      expect(stderr).toContain("921600 GiB; the largest node has");
      expect(await workspace.jobs()).toEqual([]);
      expect(await workspace.objects()).toEqual([]);
    });

    test("lets a job wait with the scheduler's words, and starts it when another has ended", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      const [memory, nodes] = await moreThanHalfANode(workspace);
      const gate = new Gate(workspace, "go");
      for (let node = 0; node < nodes; node++)
        await workspace.submit(`first-${node}`, gate.sh, "--cpu", "10m", "--memory", memory);
      for (let node = 0; node < nodes; node++) await runningPods(workspace.client, `first-${node}`);
      const flags = ["--cpu", "10m", "--memory", memory, "--wait"];
      const second = workspace.start(
        ...(await workspace.submitLine("second", "echo ran", ...flags)),
      );
      await second.until("second is queued: No node has room: ", "stderr");
      const { status } = await workspace.job("second");
      expect(status).toMatchObject({ phase: "queued", reason: "WaitingForResources", npending: 1 });
      expect(status.message).toContain("Insufficient memory");
      expect(await workspace.jrun("status", "second")).toContain(status.message);
      await gate.open();
      await second.success();
      expect(await workspace.jrun("logs", "second")).toBe("ran\n");
    });

    test("of a quota lets a job wait with the quota's words, and starts it when room is made", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      await limitTo(workspace, { "requests.cpu": "30m" });
      const gate = new Gate(workspace, "go");
      await workspace.submit("first", gate.sh, "--cpu", "20m");
      await runningPods(workspace.client, "first");
      const line = await workspace.submitLine("second", "echo ran", "--cpu", "20m", "--wait");
      const second = workspace.start(...line);
      await vi.waitFor(async () => {
        const { status } = await workspace.job("second");
        expect(status).toMatchObject({ phase: "queued", reason: "QuotaExceeded", npending: 1 });
        expect(status.message).toContain("exceeded quota: small");
      }, PATIENCE);
      expect(await podsOf(workspace.client, "second")).toEqual([]);
      await gate.open();
      await workspace.jrun("wait", "first");
      await second.success();
      expect(await workspace.jrun("logs", "second")).toBe("ran\n");
    });

    test("of a quota refuses what is larger than all of it, and keeps nothing", async ({
      onTestFinished,
    }) => {
      await using workspace = await KubeWorkspace.create({ onTestFinished });
      await limitTo(workspace, { "requests.memory": String(64 * MIB) });
      const line = await workspace.submitLine("large", "true", "--memory", "128Mi");
      const { exitCode, stderr } = await workspace.run(...line);
      expect(exitCode).toBe(EXIT_NO_ROOM);
      expect(stderr).toContain("the quota small");
      expect(stderr).toContain("128Mi");
      expect(await workspace.jobs()).toEqual([]);
      expect(await workspace.objects()).toEqual([]);
    });
  },
);
