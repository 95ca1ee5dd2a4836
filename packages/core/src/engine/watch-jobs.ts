import type { JobFilter } from "../backend/cluster-backend.ts";
import type { Job, JobEvent } from "../backend/job.ts";
import { isManagerError } from "../errors/manager-error.ts";
import { Bell } from "./bell.ts";
import { delay } from "./delay.ts";
import { matches } from "./job-filter.ts";
import { viewRecords } from "./job-views.ts";
import type { UnitCluster } from "./unit-cluster.ts";

/** Events closer together than this are seen as one. */
const SETTLE_MS = 20;
const RECONNECT_MS = 5000;

/** See `ClusterBackend.watch`: every beat of the pulse leads to a new look; what differs is told. */
export async function* watchJobs(
  cluster: UnitCluster,
  namespace: string,
  filter: JobFilter,
  aborted: AbortSignal,
): AsyncGenerator<JobEvent> {
  const signal = AbortSignal.any([aborted, cluster.closing]);
  const bell = new Bell(signal);
  const unsubscribe = cluster.pulse.subscribe(() => bell.ring());
  let known: Map<string, Job> | undefined;
  let broken = false;
  try {
    while (!signal.aborted) {
      try {
        const jobs = await currentJobs(cluster, namespace, filter, signal);
        yield* known && !broken
          ? differences(known, jobs)
          : [{ type: "snapshot" as const, jobs: [...jobs.values()] }];
        [known, broken] = [jobs, false];
      } catch (error) {
        if (signal.aborted) return;
        if (!known || !isManagerError(error) || !error.retryable) throw error;
        if (!broken) yield { type: "disconnected", message: error.message };
        broken = true;
      }
      // While the engine is away, `connected` rings; the time is a net below it.
      await (broken ? Promise.race([bell.wait(), delay(RECONNECT_MS, signal)]) : bell.wait());
      await delay(SETTLE_MS, signal);
      bell.reset();
    }
  } finally {
    unsubscribe();
  }
}

async function currentJobs(
  cluster: UnitCluster,
  namespace: string,
  filter: JobFilter,
  signal: AbortSignal,
): Promise<Map<string, Job>> {
  const records = await cluster.parts.store.list({ namespace });
  const named =
    filter.name === undefined ? records : records.filter((record) => record.name === filter.name);
  const jobs = await viewRecords(cluster, named, undefined, signal);
  return new Map(jobs.filter((job) => matches(job, filter)).map((job) => [job.uid, job]));
}

function* differences(
  known: ReadonlyMap<string, Job>,
  jobs: ReadonlyMap<string, Job>,
): Generator<JobEvent> {
  for (const [uid, { name }] of known) if (!jobs.has(uid)) yield { type: "deleted", name, uid };
  for (const [uid, job] of jobs) {
    const before = known.get(uid);
    if (!before || JSON.stringify(before.status) !== JSON.stringify(job.status))
      yield { type: "changed", job };
  }
}
