import type Dockerode from "dockerode";
import { setTimeout as delay } from "node:timers/promises";
import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";

const ATTEMPTS = 5;
const PAUSE_MS = 50;

/** Changes when the engine starts a container again by itself. */
export async function setRestartPolicy(
  client: DockerClient,
  containerId: string,
  policy: Dockerode.HostRestartPolicy,
  signal?: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.call(
        "to change a container's restart policy",
        async (docker) =>
          docker.getContainer(containerId).update({ RestartPolicy: policy }) as Promise<unknown>,
        { signal },
      );
      return;
    } catch (error) {
      // The engine fails, and keeps the old policy, when the container ends at that moment.
      if (engineStatus(error) !== 500 || attempt === ATTEMPTS) throw error;
      await delay(PAUSE_MS);
    }
  }
}
