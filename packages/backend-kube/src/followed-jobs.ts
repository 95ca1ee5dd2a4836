import type { ObservedUnit } from "@juliarun/core";
import { JobObjects } from "./job-objects.ts";
import { observe, type ObserveSetting } from "./observe.ts";
import type { CacheChange } from "./slim-cache.ts";
import type { SlimController } from "./slim-controller.ts";
import type { SlimPod } from "./slim-pod.ts";

/** What is seen of one job. */
export interface JobFacts {
  readonly controllers: readonly SlimController[];
  readonly pods: readonly SlimPod[];
}

/** All that is there, as lists or caches have it. */
export interface JobObjectLists {
  readonly pods: readonly SlimPod[];
  readonly jobs: readonly SlimController[];
  readonly sets: readonly SlimController[];
}

/** Units of all jobs, which are made anew only where an object of the job has changed, or where time alone may change them. */
export class FollowedJobs {
  readonly #pods: JobObjects<SlimPod>;
  readonly #jobs: JobObjects<SlimController>;
  readonly #sets: JobObjects<SlimController>;
  readonly #seen = new Map<string, readonly ObservedUnit[]>();
  /** Jobs to look at. */
  readonly #touched: Set<string>;

  constructor({ pods, jobs, sets }: JobObjectLists) {
    this.#pods = new JobObjects(pods);
    this.#jobs = new JobObjects(jobs);
    this.#sets = new JobObjects(sets);
    const all = [pods, jobs, sets].flat();
    this.#touched = new Set(all.map(({ jobUid }) => jobUid));
  }

  tookPod(change: CacheChange<SlimPod>): void {
    this.#pods.take(change);
    this.#touched.add(change.object.jobUid);
  }

  tookJob(change: CacheChange<SlimController>): void {
    this.#jobs.take(change);
    this.#touched.add(change.object.jobUid);
  }

  tookStatefulSet(change: CacheChange<SlimController>): void {
    this.#sets.take(change);
    this.#touched.add(change.object.jobUid);
  }

  /** What is there of a job now. */
  of(jobUid: string): JobFacts {
    const controllers = [...this.#jobs.of(jobUid), ...this.#sets.of(jobUid)];
    return { controllers, pods: this.#pods.of(jobUid) };
  }

  /** Controllers that should have pods and have none. */
  bare(): SlimController[] {
    return [...this.#touched].flatMap((uid) => {
      const { controllers, pods } = this.of(uid);
      return controllers.filter((controller) => isBare(controller, pods));
    });
  }

  units(setting: ObserveSetting): ObservedUnit[] {
    for (const uid of this.#touched) {
      const { controllers, pods } = this.of(uid);
      if (controllers.length === 0 && pods.length === 0) this.#seen.delete(uid);
      else this.#seen.set(uid, observe(controllers, pods, setting));
      // Reasons to wait become final with time, and are told apart from the objects.
      const waits =
        pods.some(({ waiting }) => waiting !== undefined) ||
        controllers.some((controller) => isBare(controller, pods));
      if (!waits) this.#touched.delete(uid);
    }
    return [...this.#seen.values()].flat();
  }
}

function isBare(controller: SlimController, pods: readonly SlimPod[]): boolean {
  const { role, replicas, deleting, finished } = controller;
  if (replicas === 0 || deleting || finished) return false;
  return !pods.some((pod) => pod.role === role);
}
