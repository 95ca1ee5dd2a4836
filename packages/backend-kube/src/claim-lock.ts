import { Bell, ManagerError } from "@juliarun/core";
import type { KubeClient } from "./client.ts";
import { KubeLease } from "./kube-lease.ts";

const NAME = "juliarun-claims";
/** A watch that lags must not keep anybody waiting. */
const LOOK_AGAIN_MS = 2000;

/**
 * Lets one process at a time look at all records of a namespace and then store one: what a transaction is elsewhere. A Lease
 * object; a process that dies in the middle keeps the others waiting for 15 seconds at most.
 */
export class ClaimLock {
  readonly #lease: KubeLease;
  readonly #closing = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(client: KubeClient) {
    this.#lease = new KubeLease({ client, name: NAME });
  }

  /** @throws ManagerError CANCELLED after `close()`, or what `work` throws. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(async () => this.#alone(work));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** Gives it up; the client is left to whoever made it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#lease.close();
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    if (!(await this.#lease.acquire())) await this.#wait();
    try {
      return await work();
    } finally {
      await this.#lease.release();
    }
  }

  async #wait(): Promise<void> {
    const { signal } = this.#closing;
    const bell = new Bell(signal);
    const stop = this.#lease.onFree(() => bell.ring());
    try {
      while (!(await this.#lease.acquire())) {
        if (signal.aborted) throw new ManagerError("CANCELLED", "The records are closed.");
        await bell.waitAtMost(LOOK_AGAIN_MS);
      }
    } finally {
      stop();
    }
  }
}
