import type { ClusterBackend, PluginInput } from "@juliarun/core";
export async function createDocker(_input: PluginInput): Promise<ClusterBackend> {
  throw new Error("todo");
}
