import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";
import type { Networks } from "./networks.ts";

const ATTEMPTS = 3;

/** A container that is to run in its namespace's network. */
export interface NetworkMember {
  readonly id: string;
  readonly namespace: string;
  /** Host names in the network. */
  readonly aliases: readonly string[];
}

/**
 * Starts a container; one that runs is fine. Where the network that it knew was removed, it joins the present one; and as
 * another process may just have made the network twice, which no status tells, any refusal is looked into once.
 * @throws ManagerError with the engine's refusal.
 */
export async function startInNetwork(
  client: DockerClient,
  networks: Networks,
  { id, namespace, aliases }: NetworkMember,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.call("to start a container", async (docker) => docker.getContainer(id).start());
      return;
    } catch (error) {
      const status = engineStatus(error);
      if (status === 304) return;
      if (status === undefined || attempt === ATTEMPTS) throw error;
      if (status === 404) await networks.rejoin(namespace, id, aliases);
      else if (attempt === 1) await networks.ensureAnew(namespace);
      else throw error;
    }
  }
}
