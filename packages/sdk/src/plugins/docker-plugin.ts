import { toQuotas, type ClusterBackend, type PluginInput } from "@juliarun/core";
import { AgentStarter } from "../direct/agent-starter.ts";
import { dockerTarget } from "../direct/agent-target.ts";
import { openDocker } from "../direct/open-docker.ts";
import { stateFolder } from "../direct/state-folder.ts";

/** A Docker Engine, with a background agent that goes on when this process has ended. */
export async function createDocker(input: PluginInput): Promise<ClusterBackend> {
  const { config, env, namespace, baseDir, onWarning } = input;
  const target = dockerTarget(config, stateFolder(env, baseDir), baseDir);
  const starter = new AgentStarter(env);
  const { backend } = await openDocker(target, {
    env,
    namespace,
    quotas: toQuotas(config.quotas),
    ensureAgent: async (site) => starter.ensure(target, site),
    ...(onWarning ? { onWarning } : {}),
  });
  return backend;
}
