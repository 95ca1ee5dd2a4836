import type { KubeClient } from "@juliarun/backend-kube";
import type { V1Pod } from "@kubernetes/client-node";
import { RawWatch, type RawChange } from "./raw-watch.ts";

interface Waiter {
  /** `running`: of each pod whether it runs. */
  isSo(running: readonly boolean[]): boolean;
  resolve(at: number): void;
}

/** Tells when the pods of raw Jobs run or are gone. */
export class RawPods {
  readonly watch: RawWatch<V1Pod>;
  /** Of each Job its pods by name, and whether they run. */
  readonly #pods = new Map<string, Map<string, boolean>>();
  readonly #waiting = new Map<string, Waiter>();

  constructor(client: KubeClient) {
    this.watch = new RawWatch(client, "pods", (change) => this.#take(change));
  }

  /** The time (`performance.now()`) when so many pods of the Job were seen running. To be called before they are made. */
  async running(job: string, count = 1): Promise<number> {
    return this.#wait(job, (running) => running.filter(Boolean).length === count);
  }

  /** The time when the Job was seen without pods; it must have one. */
  async gone(job: string): Promise<number> {
    return this.#wait(job, (running) => running.length === 0);
  }

  async #wait(job: string, isSo: Waiter["isSo"]): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(job, { isSo, resolve }));
  }

  #take({ type, object }: RawChange<V1Pod>): void {
    const { name = "", labels } = object.metadata ?? {};
    const job = labels?.["job-name"];
    if (job === undefined) return;
    const pods = this.#pods.get(job) ?? new Map<string, boolean>();
    if (type === "DELETED") pods.delete(name);
    else pods.set(name, isRunning(object));
    if (pods.size === 0) this.#pods.delete(job);
    else this.#pods.set(job, pods);
    const waiter = this.#waiting.get(job);
    if (!waiter?.isSo([...pods.values()])) return;
    this.#waiting.delete(job);
    waiter.resolve(performance.now());
  }
}

function isRunning({ status }: V1Pod): boolean {
  return status?.containerStatuses?.[0]?.state?.running !== undefined;
}
