import type { ClusterBackend, PluginInput } from "@juliarun/core";
import { AgentStarter } from "../direct/agent-starter.ts";
import { agentTarget } from "../direct/agent-target.ts";
import { openDocker } from "../direct/open-docker.ts";
import { stateFolder } from "../direct/state-folder.ts";

/** A Docker Engine, with a background agent that goes on when this process has ended. */
export async function createDocker(input: PluginInput): Promise<ClusterBackend> {
  const { config, env, namespace, baseDir, onWarning } = input;
  const target = agentTarget(config, stateFolder(env, baseDir));
  const starter = new AgentStarter(target, env);
  const { backend } = await openDocker(target, {
    env,
    namespace,
    ensureAgent: starter.ensure,
    ...(onWarning ? { onWarning } : {}),
  });
  return backend;
}
