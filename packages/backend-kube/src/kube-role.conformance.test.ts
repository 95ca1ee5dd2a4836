import { runConformance } from "@juliarun/core/testing";
import { describe, expect, inject, it } from "vitest";
import { kubeHarness } from "./fixtures/kube-harness.ts";

/** Cases that together make every kind of call. */
const IDS = [
  "submit/replace-running",
  "submit/two-at-once-same",
  "lifecycle/exit-7",
  "lifecycle/always-restarts",
  "lifecycle/placed-files",
  "lifecycle/secrets",
  "lifecycle/start-failure",
  "scale/up",
  "scale/down",
  "scale/to-zero-and-back",
  "delete/forced",
  "delete/by-another-process",
  "delete/leaves-nothing",
  "log/streams",
  "log/restarts",
  "follow/live",
  "watch/life",
  "watch/deleted",
];
const TIMEOUT_MS = 300_000;

const cluster = inject("kubernetes");

describe.skipIf(!cluster.available || cluster.hostFolder === undefined)(
  "Kubernetes with the rights of deploy/kubernetes/role.yaml",
  () => {
    it("runs jobs", { timeout: TIMEOUT_MS }, async () => {
      if (!cluster.available || cluster.hostFolder === undefined) return;
      const { kubeconfig, hostFolder, images } = cluster;
      const image = images.busybox;
      const harness = kubeHarness({ kubeconfig, hostFolder, image, minimalRights: true });
      const results = await runConformance({ ...harness, deviations: [] }, { ids: IDS });
      const failed = results.filter(({ outcome }) => outcome !== "passed");
      expect(failed.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([]);
      expect(results).toHaveLength(IDS.length);
    });
  },
);
