import { createKubeBackend, type KubeBackendOptions } from "@juliarun/backend-kube";
import { loadRuntimeBundle } from "@juliarun/runtime";
import type { AgentPlace, OpenTargetOptions } from "./agent-place.ts";
import type { KubeTarget } from "./agent-target.ts";
import { authOf, openKubePlace } from "./kube-place.ts";
import type { AgentSite } from "./run-agent.ts";

/** What differs between an agent and a context. */
export type OpenKubeOptions = OpenTargetOptions & Pick<KubeBackendOptions, "ensureAgent">;

/** Opens the namespace that a target names. @throws ManagerError BACKEND_UNREACHABLE, CONFIG_INVALID. */
export async function openKube(
  target: KubeTarget,
  { env, ...options }: OpenKubeOptions,
): ReturnType<typeof createKubeBackend> {
  return createKubeBackend({
    ...options,
    auth: authOf(target, env),
    namespace: target.namespace,
    runtime: await loadRuntimeBundle(),
  });
}

/** Opens a target to act for it; closing the backend closes the place too. @throws as {@link openKube}. */
export async function openKubeSite(
  target: KubeTarget,
  options: OpenTargetOptions,
): Promise<AgentPlace & AgentSite> {
  const place = await openKubePlace(target, options.env);
  try {
    const { backend } = await openKube(target, options);
    const close = async (): Promise<void> => {
      await backend.close();
      await place.agentLease.close();
    };
    return {
      ...place,
      backend: {
        actUntilIdle: async (signal) => backend.actUntilIdle(signal),
        isIdle: async () => backend.isIdle(),
        close,
      },
    };
  } catch (error) {
    await place.agentLease.close();
    throw error;
  }
}
