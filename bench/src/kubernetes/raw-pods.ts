import type { KubeClient } from "@juliarun/backend-kube";
import type { V1Pod } from "@kubernetes/client-node";
import { watchLines } from "./watch-lines.ts";

/** What a pod shows. */
type PodState = "waiting" | "running" | "ended";

interface Waiter {
  isSo(states: readonly PodState[]): boolean;
  resolve(at: number): void;
}

/** Tells when the pods of raw Jobs run, have ended or are gone, from one watch of a new namespace. */
export class RawPods {
  readonly #abort = new AbortController();
  /** Of each Job the pods by name. */
  readonly #pods = new Map<string, Map<string, PodState>>();
  readonly #waiting = new Map<string, Waiter>();
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

  /** The time (`performance.now()`) when so many pods of the Job were seen running. To be called before they are made. */
  async running(job: string, count = 1): Promise<number> {
    return this.#wait(job, (states) => countOf(states, "running") === count);
  }

  /** The time when the Job was seen without pods; it must have one. */
  async gone(job: string): Promise<number> {
    return this.#wait(job, (states) => states.length === 0);
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

  async #wait(job: string, isSo: Waiter["isSo"]): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(job, { isSo, resolve }));
  }

  async #watch(client: KubeClient): Promise<void> {
    const { signal } = this.#abort;
    try {
      const stream = await client.stream(client.path("pods"), { watch: true }, signal);
      this.#ready.resolve();
      for await (const line of watchLines(stream)) this.#take(JSON.parse(line));
      throw new Error("The server has ended the watch of pods.");
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  #take({ type, object }: { readonly type: string; readonly object: V1Pod }): void {
    const { name = "", labels } = object.metadata ?? {};
    const job = labels?.["job-name"];
    if (job === undefined) return;
    const pods = this.#pods.get(job) ?? new Map<string, PodState>();
    if (type === "DELETED") pods.delete(name);
    else pods.set(name, stateOf(object));
    if (pods.size === 0) this.#pods.delete(job);
    else this.#pods.set(job, pods);
    const waiter = this.#waiting.get(job);
    if (!waiter?.isSo([...pods.values()])) return;
    this.#waiting.delete(job);
    waiter.resolve(performance.now());
  }
}

function stateOf({ status }: V1Pod): PodState {
  const state = status?.containerStatuses?.[0]?.state;
  if (state?.terminated) return "ended";
  return state?.running ? "running" : "waiting";
}

function countOf(states: readonly PodState[], wanted: PodState): number {
  return states.filter((state) => state === wanted).length;
}
