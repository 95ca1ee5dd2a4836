import { createHash } from "node:crypto";
import { join } from "node:path";
import { SqliteLease } from "@juliarun/backend-docker/sqlite-lease";
import { toIdentity, type AuthInput, type KubeIdentity } from "@juliarun/backend-kube";
import { secretSource } from "../config/secret-source.ts";
import type { AgentPlace } from "./agent-place.ts";
import type { Env } from "./agent-order.ts";
import type { KubeTarget } from "./agent-target.ts";

/** What a target's credentials are made from. */
export function authOf({ config, baseDir }: KubeTarget, env: Env): AuthInput {
  return { config, baseDir, env, secrets: secretSource(baseDir, env) };
}

/**
 * The place of a target's agent; the caller closes its lease. The cluster is not asked.
 * @throws ManagerError CONFIG_INVALID, STATE_CONFLICT or the like when the folder cannot be used.
 */
export async function openKubePlace(target: KubeTarget, env: Env): Promise<AgentPlace> {
  const { stateDir, namespace } = target;
  const identity = await toIdentity(authOf(target, env));
  const folder = join(stateDir, folderName(identity, namespace));
  return {
    subject: `namespace ${namespace} of ${identity.address}`,
    folder,
    // Makes the folder too.
    agentLease: new SqliteLease({ file: join(folder, "leases.sqlite"), name: "agent" }),
  };
}

/** One agent per server, namespace and user. */
function folderName({ address, user }: KubeIdentity, namespace: string): string {
  const parts = [address, namespace, user];
  return `kubernetes-${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16)}`;
}
