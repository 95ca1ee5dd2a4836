import { ManagerError, type ClusterBackend, type PluginInput } from "@juliarun/core";

/**
 * A Kubernetes cluster as a backend: still to come.
 * @throws ManagerError CAPABILITY_UNSUPPORTED, always.
 */
export async function createKubeBackend({ config }: PluginInput): Promise<ClusterBackend> {
  throw new ManagerError(
    "CAPABILITY_UNSUPPORTED",
    `The clustertype ${config.clustertype} is not supported by this version.`,
    {
      hint: "Use the clustertype Docker.",
    },
  );
}
