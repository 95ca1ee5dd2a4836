import { fileURLToPath } from "node:url";
import { describeBackendConformance } from "@juliarun/core/testing/vitest";
import { describe, expect, inject, test } from "vitest";
import { kubeHarness, type HarnessCluster } from "./fixtures/kube-harness.ts";

const resultsFile = fileURLToPath(
  new URL("../../../test-results/conformance/kubernetes.json", import.meta.url),
);
const clusters = usableClusters();

test.skipIf(clusters.length === 0)("the nodes have a folder of this machine", () => {
  expect(clusters).toHaveLength(1);
});

describe.each(clusters)("cluster of $kubeconfig", (cluster) => {
  describeBackendConformance("Kubernetes", kubeHarness(cluster), { resultsFile });
});

/** None, or the one that there is. */
function usableClusters(): HarnessCluster[] {
  const cluster = inject("kubernetes");
  if (!cluster.available || cluster.hostFolder === undefined) return [];
  const { kubeconfig, hostFolder, images } = cluster;
  return [{ kubeconfig, hostFolder, image: images.busybox }];
}
