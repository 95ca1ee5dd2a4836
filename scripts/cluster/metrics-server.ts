import { readFile } from "node:fs/promises";
import { Problem } from "../progress/problem.ts";
import type { Progress } from "../progress/progress.ts";
import type { ClusterNode } from "./cluster-node.ts";
import { metricsServerImage } from "./versions.ts";

/** What makes metrics.k8s.io answer, as YAML: the server, and what sends requests to it. */
export async function metricsManifests(): Promise<{ server: string; api: string }> {
  const [server, api] = await Promise.all([read("metrics-server.yaml"), read("metrics-api.yaml")]);
  return { server: server.replace("METRICS_SERVER_IMAGE", metricsServerImage), api };
}

/** Starts metrics-server in a cluster; {@link finishMetricsServer} ends what this begins. */
export async function startMetricsServer(node: ClusterNode): Promise<void> {
  const { server } = await metricsManifests();
  await node.kubectl(["apply", "-f", "-"], "Installing metrics-server", server);
}

/** Waits until metrics-server has figures, about half a minute after its start, and makes metrics.k8s.io answer. */
export async function finishMetricsServer(node: ClusterNode, progress: Progress): Promise<void> {
  await progress.step("Waiting for metrics-server", async () => {
    const rollout = ["rollout", "status", "deployment/metrics-server", "--timeout=180s"];
    await node.kubectl(["--namespace=kube-system", ...rollout], "Starting metrics-server");
    // Only now: the API server keeps a connection that it opened before the service was routed, to wherever that led.
    const { api } = await metricsManifests();
    await node.kubectl(["apply", "-f", "-"], "Installing metrics.k8s.io", api);
    const available = ["--for=condition=Available", "apiservice/v1beta1.metrics.k8s.io"];
    await node.kubectl(["wait", ...available, "--timeout=60s"], "Waiting for metrics.k8s.io");
  });
}

/**
 * Whether metrics.k8s.io answers. It may never do so again once the node has been stopped and started: the API server may ask for it
 * before its service is routed, and keeps the connection to whatever answered then.
 */
export async function metricsAnswer(node: ClusterNode): Promise<boolean> {
  try {
    const question = ["get", "--raw", "/apis/metrics.k8s.io/v1beta1/nodes"];
    await node.kubectl([...question, "--request-timeout=20s"], "Asking for metrics");
    return true;
  } catch (error) {
    if (error instanceof Problem) return false;
    throw error;
  }
}

function read(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), "utf8");
}
