import type { KubeSite } from "@juliarun/backend-kube";
import { toManagerError, type ClusterBackend, type PluginInput } from "@juliarun/core";
import { AgentStarter } from "../direct/agent-starter.ts";
import type { KubeTarget } from "../direct/agent-target.ts";
import { visitPlace } from "../direct/agent-place.ts";
import { openKube } from "../direct/open-kube.ts";
import { stateFolder } from "../direct/state-folder.ts";

/** A namespace of a Kubernetes cluster, with a background agent that does what controllers do not. */
export async function createKubernetes(input: PluginInput): Promise<ClusterBackend> {
  const { config, env, namespace, baseDir, onWarning } = input;
  const stateDir = stateFolder(env, baseDir);
  const target: KubeTarget = { kind: "kubernetes", stateDir, namespace, config, baseDir };
  const starter = new AgentStarter(env);
  const ensureAgent = async (site: KubeSite): Promise<void> => {
    // A context that was derived from this one may be of another namespace.
    const own = { ...target, namespace: site.namespace };
    try {
      await visitPlace(own, env, async (place) => starter.ensure(own, place));
    } catch (error) {
      // The job is there all the same, and controllers run it; any later command acts for it.
      onWarning?.(`No agent could be started: ${toManagerError(error).message}`);
    }
  };
  const { backend } = await openKube(target, {
    env,
    ensureAgent,
    ...(onWarning ? { onWarning } : {}),
  });
  return backend;
}
