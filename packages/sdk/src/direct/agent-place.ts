import type { SqliteLease } from "@juliarun/backend-docker/sqlite-lease";
import type { Env } from "./agent-order.ts";
import type { AgentTarget } from "./agent-target.ts";
import type { AgentSite } from "./run-agent.ts";

/** Where this machine's processes that act for one target meet. */
export interface AgentPlace {
  /** For people: what an agent here acts for. */
  readonly subject: string;
  /** A folder in the state folder, for the agent's own files. Exists. */
  readonly folder: string;
  /** Held by the background agent while it lives. */
  readonly agentLease: SqliteLease;
}

/** What a target is opened with. */
export interface OpenTargetOptions {
  readonly env: Env;
  readonly onWarning?: (message: string) => void;
}

/** Opens a target to act for it. Loads the client of its kind only. @throws ManagerError BACKEND_UNREACHABLE, CONFIG_INVALID. */
export async function openTarget(
  target: AgentTarget,
  options: OpenTargetOptions,
): Promise<AgentPlace & AgentSite> {
  if (target.kind === "docker") {
    const { openDocker } = await import("./open-docker.ts");
    const site = await openDocker(target, { ...options, namespace: "default" });
    return { ...site, subject: site.folder };
  }
  const { openKubeSite } = await import("./open-kube.ts");
  return openKubeSite(target, options);
}

/** Shows the place of a target's agent while `look` looks at it. @throws ManagerError BACKEND_UNREACHABLE, CONFIG_INVALID. */
export async function visitPlace<Result>(
  target: AgentTarget,
  env: Env,
  look: (place: AgentPlace) => Promise<Result>,
): Promise<Result> {
  if (target.kind === "docker") {
    const site = await openTarget(target, { env });
    try {
      return await look(site);
    } finally {
      await site.backend.close();
    }
  }
  const { openKubePlace } = await import("./kube-place.ts");
  const place = await openKubePlace(target, env);
  try {
    return await look(place);
  } finally {
    await place.agentLease.close();
  }
}
