import { fileURLToPath } from "node:url";
import { describeBackendConformance } from "@juliarun/core/testing/vitest";
import { describe, inject } from "vitest";
import { kubeHarness } from "./fixtures/kube-harness.ts";

const cluster = inject("kubernetes");
const resultsFile = fileURLToPath(
  new URL("../../../test-results/conformance/kubernetes.json", import.meta.url),
);

if (cluster.available && cluster.hostFolder !== undefined) {
  const { kubeconfig, hostFolder, images } = cluster;
  describeBackendConformance(
    "Kubernetes",
    kubeHarness({ kubeconfig, hostFolder, image: images.busybox }),
    { resultsFile },
  );
} else {
  describe.skip("Kubernetes: backend conformance");
}
