import { readFile } from "node:fs/promises";
import type { Progress } from "../progress/progress.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { metricsServerImage } from "./versions.ts";

/** What makes metrics.k8s.io answer, as YAML. */
export async function metricsServerManifest(): Promise<string> {
  const text = await readFile(new URL("metrics-server.yaml", import.meta.url), "utf8");
  return text.replace("METRICS_SERVER_IMAGE", metricsServerImage);
}

/** Runs metrics-server in the cluster; does not wait for its first figures, which take about half a minute. */
export async function installMetricsServer(node: ClusterNode, progress: Progress): Promise<void> {
  await progress.step("Installing metrics-server", async () => {
    const manifest = await metricsServerManifest();
    await node.kubectl(["apply", "-f", "-"], "Installing metrics-server", manifest);
  });
}
