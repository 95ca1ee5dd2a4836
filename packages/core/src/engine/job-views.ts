import type { Job } from "../backend/job.ts";
import { isManagerError } from "../errors/manager-error.ts";
import { dependencyState } from "../reconcile/dependencies.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { RecordStore } from "../record/record-store.ts";
import type { Reconciliation } from "../reconcile/reconcile.ts";
import { isSettled } from "../reconcile/reconcile-changed.ts";
import { derive } from "../status/derive.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import { disputable, withoutDisputable } from "./disputable.ts";
import { finder, planSurvey } from "./survey.ts";
import { isUnrecorded, takeSurvey } from "./take-survey.ts";
import type { UnitCluster } from "./unit-cluster.ts";

const NOTHING: ReadonlyMap<string, string> = new Map();
/** Up to so many containers are asked one by one for their restarts when a single job is inspected. */
const DETAILED_UNITS = 64;

/** Views that never change: of many jobs most have ended, and a watch looks at all of them again and again. */
const finalViews = new WeakMap<JobRecord, Job>();
/** The same of jobs that nothing happens to, by what `reconcileChanged()` has said of them. */
const settledViews = new WeakMap<Reconciliation, Job>();

/** A job as far as its record tells, which is everything once it has ended: no engine is asked. */
export function viewRecord(record: JobRecord, now: number): Job {
  const known = finalViews.get(record);
  if (known) return known;
  const job = toJob(
    record,
    derive({ record, units: [], dependencies: { kind: "ready" }, waiting: NOTHING, now }),
  );
  const staysSo = needsNoEngine(record) && record.plan.keepAfterFinishSeconds === undefined;
  if (staysSo) finalViews.set(record, job);
  return job;
}

/** Whether the record alone says everything about the job. */
export function needsNoEngine(record: JobRecord): boolean {
  return record.outcome !== undefined && record.deletionRequestedAt === undefined;
}

/**
 * Views of these records, read from one listing of all containers; jobs that are gone by now are left out.
 * @param inspected - the uid of a job whose restarts are wanted too.
 */
export async function viewRecords(
  cluster: UnitCluster,
  wanted: readonly JobRecord[],
  inspected?: string,
  signal?: AbortSignal,
): Promise<Job[]> {
  const now = cluster.now();
  if (wanted.every(needsNoEngine)) return wanted.map((record) => viewRecord(record, now));
  const { store, engine } = cluster.parts;
  const wantedUids = new Set(wanted.map(({ uid }) => uid));
  for (;;) {
    let details = 0;
    const wantsDetail = (record: JobRecord, unit: ObservedUnit): boolean =>
      !cluster.actor.isStarting(unit) &&
      (isUnrecorded(record, unit) ||
        (record.uid === inspected && !record.outcome && details++ < DETAILED_UNITS));
    const taken = await takeSurvey(store, engine, wantsDetail, signal);
    const room = await cluster.room();
    const judged = planSurvey(taken, room, new Set(), now);
    const disputed = disputable(judged.reconciliations) && !(await cluster.actor.mayJudge());
    const survey = disputed ? withoutDisputable(taken) : taken;
    const plan = disputed ? planSurvey(survey, room, new Set(), now) : judged;
    const records = new Map(survey.records.map((record) => [record.uid, record]));
    const ended = plan.reconciliations.flatMap(({ record }) =>
      record.outcome && !records.get(record.uid)?.outcome && wantedUids.has(record.uid)
        ? [record]
        : [],
    );
    if (!(await storeOutcomes(store, ended, records))) continue;
    const find = finder([...survey.dependencies, ...survey.records]);
    const reconciliations = new Map(
      survey.records.map(({ uid }, index) => [uid, plan.reconciliations[index]]),
    );
    const jobs: Job[] = [];
    for (const stale of wanted) {
      const record = records.get(stale.uid) ?? (await currentRecord(store, stale));
      if (!record) continue;
      jobs.push(
        needsNoEngine(record)
          ? viewRecord(record, now)
          : viewOnce(record, reconciliations.get(record.uid), () =>
              derive({
                record,
                units: survey.unitsOf.get(record.uid) ?? [],
                dependencies: dependencyState(record, find(record)),
                waiting: plan.admission.waiting,
                now,
              }),
            ),
      );
    }
    return jobs;
  }
}

/** Of a job that nothing happens to, the view is the same object as before. */
function viewOnce(
  record: JobRecord,
  reconciliation: Reconciliation | undefined,
  status: () => Job["status"],
): Job {
  const known = reconciliation && settledViews.get(reconciliation);
  if (known) return known;
  const job = toJob(record, status());
  if (reconciliation && isSettled(record, reconciliation)) settledViews.set(reconciliation, job);
  return job;
}

/**
 * An end that is told must stay so, whatever happens to containers before an actor looks: so whoever sees it first stores it.
 * @param records - gets the stored records.
 * @returns false when a record has changed meanwhile: a container that is missing may have been removed rightly.
 */
async function storeOutcomes(
  store: RecordStore,
  ended: readonly JobRecord[],
  records: Map<string, JobRecord>,
): Promise<boolean> {
  for (const record of ended) {
    const stored = await storeOrShow(store, record);
    if (!stored) return false;
    records.set(stored.uid, stored);
  }
  return true;
}

/** Who may only look is told all the same, and whoever acts stores it. */
async function storeOrShow(store: RecordStore, record: JobRecord): Promise<JobRecord | undefined> {
  try {
    return await store.replace(record);
  } catch (error) {
    if (isManagerError(error, "FORBIDDEN")) return record;
    throw error;
  }
}

/** The record of a job that was not active when the containers were listed: finished, or gone. */
async function currentRecord(store: RecordStore, stale: JobRecord): Promise<JobRecord | undefined> {
  if (needsNoEngine(stale)) return stale;
  const current = await store.get(stale.namespace, stale.name);
  return current?.uid === stale.uid ? current : undefined;
}

function toJob(record: JobRecord, status: Job["status"]): Job {
  return {
    namespace: record.namespace,
    name: record.name,
    uid: record.uid,
    type: record.spec.type,
    spec: record.spec,
    hash: record.hash,
    createdAt: record.createdAt,
    status,
  };
}
