import { UnitBackend, type JobEvent } from "@juliarun/core";
import { planProgramJob } from "@juliarun/core/testing";
import { describe, expect, inject, it, vi } from "vitest";
import type { KubeClient } from "./client.ts";
import { expiredWatches } from "./fixtures/expired-watches.ts";
import { testAuth, TestNamespace } from "./fixtures/test-namespace.ts";
import { openKubeParts } from "./kube-backend.ts";

const cluster = inject("kubernetes");
const PATIENCE = { timeout: 30_000, interval: 100 };

function open(client: KubeClient, kubeconfig: string): UnitBackend {
  // No unit here mounts it.
  const runtime = { hash: "none", files: [] };
  const parts = openKubeParts(client, { auth: testAuth(kubeconfig), runtime });
  return new UnitBackend({ ...parts, namespace: client.namespace });
}

describe.skipIf(!cluster.available)("a backend's watch", () => {
  it("goes on when the server has forgotten where its watches were", async () => {
    if (!cluster.available) throw new Error(cluster.reason);
    const { kubeconfig, images } = cluster;
    const namespace = await TestNamespace.create(kubeconfig, "expired");
    const asked: unknown[] = [];
    const own = open(namespace.client.with({}), kubeconfig);
    const other = open(expiredWatches(namespace.client.with({}), asked), kubeconfig);
    const settings = { image: images.busybox, missingImage: "localhost:1/missing:none" };
    const { spec, plan } = planProgramJob({ name: "job", master: { steps: [] } }, settings);
    const seen: JobEvent[] = [];
    const abort = new AbortController();
    const watching = (async () => {
      for await (const event of other.watch({}, abort.signal)) seen.push(event);
    })();
    try {
      await vi.waitFor(
        () => expect(seen).toMatchObject([{ type: "snapshot", jobs: [] }]),
        PATIENCE,
      );
      // Records, controllers of two kinds and pods: each was forgotten once, and is followed again.
      await vi.waitFor(() => {
        expect(asked.filter((version) => version === "1").length).toBeGreaterThanOrEqual(4);
        expect(asked.filter((version) => version !== "1").length).toBeGreaterThanOrEqual(4);
      }, PATIENCE);
      await own.submit(spec, plan);
      const ended = { type: "changed", job: { name: "job", status: { phase: "succeeded" } } };
      await vi.waitFor(() => expect(seen.at(-1)).toMatchObject(ended), PATIENCE);
      await own.delete("job");
      await vi.waitFor(() => expect(seen.at(-1)).toMatchObject({ type: "deleted" }), PATIENCE);
      expect(seen.filter(({ type }) => type === "disconnected")).toEqual([]);
    } finally {
      abort.abort();
      await watching;
      await Promise.all([own.close(), other.close()]);
      await namespace.close();
    }
  });
});
