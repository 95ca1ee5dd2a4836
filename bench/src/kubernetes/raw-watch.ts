import type { KubeClient } from "@juliarun/backend-kube";
import type { KubernetesObject } from "@kubernetes/client-node";
import { watchLines } from "./watch-lines.ts";

/** What the API server tells of one object. */
export interface RawChange<T> {
  readonly type: string;
  readonly object: T;
}

/** A watch of a new namespace, from before the first object is made. */
export class RawWatch<T extends KubernetesObject> {
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  readonly #ready = Promise.withResolvers<void>();
  readonly #take: (change: RawChange<T>) => void;

  constructor(client: KubeClient, resource: "jobs" | "pods", take: (change: RawChange<T>) => void) {
    this.#take = take;
    this.#done = this.#watch(client, resource);
    this.#done.catch((error: unknown) => this.#ready.reject(error));
  }

  /** Resolves when changes are seen. */
  async ready(): Promise<void> {
    await this.#ready.promise;
  }

  /** Rejects when the watch fails: nothing more will be seen. */
  async failure(): Promise<never> {
    await this.#done;
    return new Promise(() => undefined);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  async #watch(client: KubeClient, resource: "jobs" | "pods"): Promise<void> {
    const { signal } = this.#abort;
    try {
      // A server ends the watch of whoever is slow for a moment.
      for (let resourceVersion = ""; ;) {
        const query = { watch: true, resourceVersion };
        const stream = await client.stream(client.path(resource), query, signal);
        this.#ready.resolve();
        for await (const line of watchLines(stream)) {
          const change = JSON.parse(line) as RawChange<T>;
          if (change.type === "ERROR") throw new Error(`The watch of ${resource} failed: ${line}`);
          resourceVersion = change.object.metadata?.resourceVersion ?? resourceVersion;
          this.#take(change);
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
