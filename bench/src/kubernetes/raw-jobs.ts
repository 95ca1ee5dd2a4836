import type { KubeClient } from "@juliarun/backend-kube";
import type { V1Job } from "@kubernetes/client-node";
import { watchLines } from "./watch-lines.ts";

/** Tells when raw Jobs are complete, from one watch of a new namespace. */
export class RawJobs {
  readonly #abort = new AbortController();
  readonly #waiting = new Map<string, (at: number) => void>();
  readonly #done: Promise<void>;
  readonly #ready = Promise.withResolvers<void>();

  constructor(client: KubeClient) {
    this.#done = this.#watch(client);
    this.#done.catch((error: unknown) => this.#ready.reject(error));
  }

  /** Resolves when changes are seen. */
  async ready(): Promise<void> {
    await this.#ready.promise;
  }

  /** The time (`performance.now()`) when the Job was seen complete. To be called before it is made. */
  async complete(job: string): Promise<number> {
    return Promise.race([
      new Promise<number>((resolve) => this.#waiting.set(job, resolve)),
      this.#done.then(() => Promise.reject(new Error("The watch of Jobs was closed."))),
    ]);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  async #watch(client: KubeClient): Promise<void> {
    const { signal } = this.#abort;
    try {
      const stream = await client.stream(client.path("jobs"), { watch: true }, signal);
      this.#ready.resolve();
      for await (const line of watchLines(stream)) this.#take(JSON.parse(line));
      throw new Error("The server has ended the watch of Jobs.");
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #take({ object }: { readonly object: V1Job }): void {
    const { metadata, status } = object;
    const complete = status?.conditions?.some(
      ({ type, status: holds }) => type === "Complete" && holds === "True",
    );
    if (!complete) return;
    const name = metadata?.name ?? "";
    this.#waiting.get(name)?.(performance.now());
    this.#waiting.delete(name);
  }
}
