import type { KubeClient } from "@juliarun/backend-kube";
import type { V1Job } from "@kubernetes/client-node";
import { RawWatch } from "./raw-watch.ts";

/** Tells when raw Jobs are complete. */
export class RawJobs {
  readonly watch: RawWatch<V1Job>;
  readonly #waiting = new Map<string, (at: number) => void>();

  constructor(client: KubeClient) {
    this.watch = new RawWatch(client, "jobs", ({ object }) => this.#take(object));
  }

  /** The time (`performance.now()`) when the Job was seen complete. To be called before it is made. */
  async complete(job: string): Promise<number> {
    return Promise.race([
      new Promise<number>((resolve) => this.#waiting.set(job, resolve)),
      this.watch.failure(),
    ]);
  }

  #take({ metadata, status }: V1Job): void {
    const complete = status?.conditions?.some(
      ({ type, status: holds }) => type === "Complete" && holds === "True",
    );
    if (!complete) return;
    const name = metadata?.name ?? "";
    this.#waiting.get(name)?.(performance.now());
    this.#waiting.delete(name);
  }
}
