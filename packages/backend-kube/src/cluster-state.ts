import { EventQueue, type EngineEvent, type ObservedUnit } from "@juliarun/core";
import type { KubernetesObject, V1Job, V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import { COMPONENT, LABEL, selector } from "./manifests/labels.ts";
import { FollowedJobs } from "./followed-jobs.ts";
import type { ObserveSetting } from "./observe.ts";
import { Reflector, type ReflectorEvent } from "./reflector.ts";
import { toSlimJob, toSlimStatefulSet, type SlimController } from "./slim-controller.ts";
import type { CacheChange, Slimmer } from "./slim-cache.ts";
import { toSlimPod, type SlimPod } from "./slim-pod.ts";

/**
 * Controllers and pods of all jobs of a namespace: from the watches while somebody follows the cluster, so that a look costs no
 * call, else from three lists.
 */
export class ClusterState {
  readonly #client: KubeClient;
  readonly #pods: Reflector<V1Pod, SlimPod>;
  readonly #jobs: Reflector<V1Job, SlimController>;
  readonly #sets: Reflector<V1StatefulSet, SlimController>;
  #followedJobs: FollowedJobs | undefined;
  /** Where the last look found what it saw. */
  #seen: FollowedJobs | undefined;
  #listeners = 0;

  constructor(client: KubeClient) {
    this.#client = client;
    const labelSelector = SELECTOR;
    this.#pods = new Reflector({
      client,
      path: client.path("pods"),
      labelSelector,
      slim: toSlimPod,
    });
    this.#jobs = new Reflector({
      client,
      path: client.path("jobs"),
      labelSelector,
      slim: toSlimJob,
    });
    this.#sets = new Reflector({
      client,
      path: client.path("statefulsets"),
      labelSelector,
      slim: toSlimStatefulSet,
    });
  }

  /** Milliseconds since the API server last told anything of these objects; Infinity while nobody follows them. */
  stalenessMs(): number {
    return Math.max(...this.#reflectors.map((reflector) => reflector.stalenessMs()));
  }

  /** Units of all jobs. @param explain - why these controllers, which should have pods and have none, make none. */
  async look(
    setting: Omit<ObserveSetting, "refusals">,
    explain: (bare: readonly SlimController[]) => Promise<ObserveSetting["refusals"]>,
    signal?: AbortSignal,
  ): Promise<ObservedUnit[]> {
    const jobs = this.#followed() ?? (await this.#listAll(signal));
    this.#seen = jobs;
    const bare = jobs.bare();
    const refusals = bare.length === 0 ? NOTHING : await explain(bare);
    return jobs.units({ ...setting, refusals });
  }

  /** A job's controllers as the last look saw them. */
  controllersOf(jobUid: string): readonly SlimController[] {
    return this.#seen?.of(jobUid).controllers ?? [];
  }

  /** A job's pods as the last look saw them. */
  podsOf(jobUid: string): readonly SlimPod[] {
    return this.#seen?.of(jobUid).pods ?? [];
  }

  /** An own write counts at once. */
  tookJob(job: V1Job): void {
    this.#jobs.upsert(job);
  }

  /** An own write counts at once. */
  tookStatefulSet(set: V1StatefulSet): void {
    this.#sets.upsert(set);
  }

  /** Follows the cluster until the signal aborts. */
  async *events(signal: AbortSignal): AsyncGenerator<EngineEvent> {
    const events = new EventQueue<EngineEvent>(signal);
    let connected = false;
    const listen = (event: ReflectorEvent<{ readonly jobUid: string }>): void => {
      if (event.type === "disconnected") {
        connected = false;
        events.push({ type: "disconnected", message: event.message });
      } else if (event.type !== "connected") {
        events.push({ type: "changed", jobUid: event.object.jobUid });
      } else if (!connected && this.#isFollowed()) {
        connected = true;
        events.push({ type: "connected" });
      }
    };
    const unsubscribes = [
      this.#pods.onChange((event) => {
        if (isChange(event)) this.#followedJobs?.tookPod(event);
        listen(event);
      }),
      this.#jobs.onChange((event) => {
        if (isChange(event)) this.#followedJobs?.tookJob(event);
        listen(event);
      }),
      this.#sets.onChange((event) => {
        if (isChange(event)) this.#followedJobs?.tookStatefulSet(event);
        listen(event);
      }),
    ];
    this.#listeners++;
    try {
      if (this.#isFollowed()) listen({ type: "connected" });
      yield* events;
    } finally {
      unsubscribes.forEach((unsubscribe) => unsubscribe());
      if (--this.#listeners === 0) this.#followedJobs = undefined;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#reflectors.map(async (reflector) => reflector.close()));
  }

  get #reflectors() {
    return [this.#pods, this.#jobs, this.#sets] as const;
  }

  #isFollowed(): boolean {
    return this.#reflectors.every((reflector) => reflector.current);
  }

  /** What the watches show; undefined while they do not stand. */
  #followed(): FollowedJobs | undefined {
    if (!this.#isFollowed()) return undefined;
    const [pods, jobs, sets] = this.#reflectors;
    const lists = () => ({ pods: pods.values(), jobs: jobs.values(), sets: sets.values() });
    // Without a listener changes go by.
    if (this.#listeners === 0) return new FollowedJobs(lists());
    return (this.#followedJobs ??= new FollowedJobs(lists()));
  }

  async #listAll(signal?: AbortSignal): Promise<FollowedJobs> {
    // Pods last: a pod is never newer than the controller that is seen with it.
    const [jobs, sets] = await Promise.all([
      this.#list("jobs", toSlimJob, signal),
      this.#list("statefulsets", toSlimStatefulSet, signal),
    ]);
    return new FollowedJobs({ pods: await this.#list("pods", toSlimPod, signal), jobs, sets });
  }

  async #list<T extends KubernetesObject, Slim>(
    resource: "pods" | "jobs" | "statefulsets",
    slim: Slimmer<T, Slim>,
    signal?: AbortSignal,
  ): Promise<Slim[]> {
    const found: Slim[] = [];
    const query = { labelSelector: SELECTOR };
    for await (const page of this.#client.pages<T>(this.#client.path(resource), { query, signal }))
      for (const object of page.items) {
        const kept = slim(object);
        if (kept) found.push(kept);
      }
    return found;
  }
}

const NOTHING: ObserveSetting["refusals"] = new Map();
const SELECTOR = selector({ [LABEL.component]: COMPONENT.unit });

function isChange<Slim>(event: ReflectorEvent<Slim>): event is CacheChange<Slim> {
  return event.type === "changed" || event.type === "deleted";
}
