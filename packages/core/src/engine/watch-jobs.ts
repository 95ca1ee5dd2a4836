import type { JobFilter } from "../backend/cluster-backend.ts";
import type { Job, JobEvent } from "../backend/job.ts";
import { isManagerError } from "../errors/manager-error.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { RecordStore } from "../record/record-store.ts";
import { Bell } from "./bell.ts";
import { delay } from "./delay.ts";
import { matches } from "./job-filter.ts";
import { viewRecords } from "./job-views.ts";
import type { UnitCluster } from "./unit-cluster.ts";

/** Pause between two looks: as long as a look took, within these; what happens meanwhile is seen as one. */
const PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;
/** So many times as long where an engine is seen by its watches: then a look costs nothing but this process's time. */
const WATCHED_PAUSES = 3;
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
  let answered = false;
  const unsubscribe = cluster.pulse.subscribe((beat) => {
    answered ||= beat.type === "connected";
    bell.ring();
  });
  let known: Map<string, Job> | undefined;
  let broken = false;
  const pauses = cluster.parts.engine.apply ? WATCHED_PAUSES : 1;
  try {
    while (!signal.aborted) {
      const begin = performance.now();
      try {
        if (!known) await cluster.parts.engine.check?.(signal);
        const jobs = await currentJobs(cluster, namespace, filter, signal);
        yield* known && !broken
          ? differences(known, jobs)
          : [{ type: "snapshot" as const, jobs: [...jobs.values()] }];
        [known, broken] = [jobs, false];
      } catch (error) {
        if (signal.aborted) return;
        // An engine that had answered and went away before the first look is a disconnect like any other.
        if (!(known ?? answered) || !isManagerError(error) || !error.retryable) throw error;
        if (!broken) yield { type: "disconnected", message: error.message };
        broken = true;
      }
      const lookedAt = performance.now();
      const lookMs = lookedAt - begin;
      const pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(PAUSE_MS, pauses * lookMs));
      // While the engine is away, `connected` rings; the time is a net below it.
      await (broken ? Promise.race([bell.wait(), delay(RECONNECT_MS, signal)]) : bell.wait());
      const tooEarlyMs = lookedAt + pauseMs - performance.now();
      if (tooEarlyMs > 0) await delay(tooEarlyMs, signal);
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
  const records = await currentRecords(cluster.parts.store, namespace, filter);
  const jobs = await viewRecords(cluster, records, undefined, signal);
  return new Map(jobs.filter((job) => matches(job, filter)).map((job) => [job.uid, job]));
}

async function currentRecords(
  store: RecordStore,
  namespace: string,
  { name }: JobFilter,
): Promise<readonly JobRecord[]> {
  if (name === undefined) return store.list({ namespace });
  const record = await store.get(namespace, name);
  return record ? [record] : [];
}

function* differences(
  known: ReadonlyMap<string, Job>,
  jobs: ReadonlyMap<string, Job>,
): Generator<JobEvent> {
  for (const [uid, { name }] of known) if (!jobs.has(uid)) yield { type: "deleted", name, uid };
  for (const [uid, job] of jobs) {
    const before = known.get(uid);
    if (before === job) continue;
    if (!before || JSON.stringify(before.status) !== JSON.stringify(job.status))
      yield { type: "changed", job };
  }
}
