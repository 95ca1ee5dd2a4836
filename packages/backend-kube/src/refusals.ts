import type { ReasonCode } from "@juliarun/core";
import type { CoreV1Event } from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import { isManagerError } from "@juliarun/core";
import type { SlimController } from "./slim-controller.ts";

interface Refusal {
  readonly reason: ReasonCode;
  readonly message: string;
}

/** A controller needs a moment for its pods. */
const PATIENCE_MS = 1500;
/** One listing of events answers for so long. */
const FRESH_MS = 2000;

/**
 * Why controllers make no pods: quota and Pod Security refuse pods, not the controllers, and say so in events only. One listing
 * serves all jobs of the namespace.
 */
export class Refusals {
  readonly #client: KubeClient;
  #readAt = -Infinity;
  #known: ReadonlyMap<string, Refusal> = new Map();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** By the controllers' names. */
  async of(bare: readonly SlimController[], now: number): Promise<ReadonlyMap<string, Refusal>> {
    const late = bare.filter(({ createdAt }) => now - createdAt > PATIENCE_MS);
    if (late.length === 0) return new Map();
    if (performance.now() - this.#readAt > FRESH_MS) {
      this.#known = await this.#read();
      this.#readAt = performance.now();
    }
    return this.#known;
  }

  async #read(): Promise<ReadonlyMap<string, Refusal>> {
    const query = { fieldSelector: "reason=FailedCreate,type=Warning" };
    const found = new Map<string, Refusal>();
    try {
      for await (const { items } of this.#client.pages<CoreV1Event>(this.#client.path("events"), {
        query,
      }))
        for (const { involvedObject, message = "" } of items)
          if (involvedObject.name) found.set(involvedObject.name, toRefusal(message));
    } catch (error) {
      // Without the right to read events there are no words for it.
      if (!isManagerError(error, "FORBIDDEN")) throw error;
    }
    return found;
  }
}

/** Events of failed creations have nothing but words. */
function toRefusal(message: string): Refusal {
  const quota = message.includes("exceeded quota");
  return { reason: quota ? "QuotaExceeded" : "StartFailed", message };
}
