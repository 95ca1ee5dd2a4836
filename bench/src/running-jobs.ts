import { isFinal, type Context, type Job } from "@juliarun/core";

/** Tells when jobs run or have ended, from one watch, as a user's program would. */
export class RunningJobs {
  readonly #abort = new AbortController();
  readonly #waiting = new Map<string, { until(job: Job): boolean; resolve(at: number): void }>();
  readonly #done: Promise<void>;
  readonly #ready = Promise.withResolvers<void>();

  constructor(context: Context) {
    this.#done = this.#watch(context);
    this.#done.catch((error: unknown) => this.#ready.reject(error));
  }

  /** Resolves when changes are seen. */
  async ready(): Promise<void> {
    await this.#ready.promise;
  }

  /** The time (`performance.now()`) when the job was seen running. To be called before it is submitted. */
  async running(name: string): Promise<number> {
    return this.until(name, ({ status }) => {
      if (isFinal(status)) throw new Error(`Job ${name} has ended: ${status.message}`);
      return status.phase === "running";
    });
  }

  /** The time when the job was seen finished. */
  async finished(name: string): Promise<number> {
    return this.until(name, ({ status }) => isFinal(status));
  }

  /** The time when the job was seen so. To be called before it can be. */
  async until(name: string, isSo: (job: Job) => boolean): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(name, { until: isSo, resolve }));
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

  async #watch(context: Context): Promise<void> {
    for await (const event of context.watch({}, { signal: this.#abort.signal })) {
      const at = performance.now();
      this.#ready.resolve();
      if (event.type === "disconnected") throw new Error(event.message);
      const jobs =
        event.type === "snapshot" ? event.jobs : event.type === "changed" ? [event.job] : [];
      for (const job of jobs) {
        const waiter = this.#waiting.get(job.name);
        if (!waiter?.until(job)) continue;
        this.#waiting.delete(job.name);
        waiter.resolve(at);
      }
    }
  }
}
