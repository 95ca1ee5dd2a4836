import {
  createMemoryBackend,
  toQuotas,
  type ClusterBackend,
  type PluginInput,
} from "@juliarun/core";

/** Simulated containers in this process: for trying things out. */
export async function createMemory({ namespace, config }: PluginInput): Promise<ClusterBackend> {
  return createMemoryBackend({ namespace, quotas: toQuotas(config.quotas) });
}
