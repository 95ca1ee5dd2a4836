import { setTimeout as delay } from "node:timers/promises";
import type { KubeClient } from "@juliarun/backend-kube";
import { isManagerError } from "@juliarun/core";

const GONE_MS = 600_000;

/** Deletes an object and waits until it is gone; a server that does not answer for a while is asked again. */
export async function removeObject(client: KubeClient, path: string): Promise<void> {
  const until = performance.now() + GONE_MS;
  while (await isThere(client, path, performance.now() > until)) {
    if (performance.now() > until) throw new Error(`${path} does not go.`);
    await delay(1000);
  }
}

async function isThere(client: KubeClient, path: string, isLast: boolean): Promise<boolean> {
  try {
    return await client.delete(path);
  } catch (error) {
    // An object that is being deleted may be a conflict too.
    if (isLast || !isManagerError(error)) throw error;
    return true;
  }
}
