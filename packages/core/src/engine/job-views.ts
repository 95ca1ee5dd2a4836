import type { Job } from "../backend/job.ts";
import { dependencyState } from "../reconcile/dependencies.ts";
import type { JobRecord } from "../record/job-record.ts";
import { derive } from "../status/derive.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import { finder, planSurvey } from "./survey.ts";
import { isUnrecorded, takeSurvey } from "./take-survey.ts";
import type { UnitCluster } from "./unit-cluster.ts";

const NOTHING: ReadonlyMap<string, string> = new Map();
/** Up to so many containers are asked one by one for their restarts when a single job is inspected. */
const DETAILED_UNITS = 64;

/** A job whose record says everything about it: no engine is asked. */
export function viewFinished(record: JobRecord, now: number): Job {
  return toJob(
    record,
    derive({ record, units: [], dependencies: { kind: "ready" }, waiting: NOTHING, now }),
  );
}

/** Whether the record alone says everything about the job. */
export function needsNoEngine(record: JobRecord): boolean {
  return record.outcome !== undefined && record.deletionRequestedAt === undefined;
}

/**
 * Views of these records, read from one listing of all containers.
 * @param inspected - the uid of a job whose restarts are wanted too.
 */
export async function viewRecords(
  cluster: UnitCluster,
  wanted: readonly JobRecord[],
  inspected?: string,
  signal?: AbortSignal,
): Promise<Job[]> {
  const now = cluster.now();
  if (wanted.every(needsNoEngine)) return wanted.map((record) => viewFinished(record, now));
  const { store, engine } = cluster.parts;
  for (;;) {
    let details = 0;
    const wantsDetail = (record: JobRecord, unit: ObservedUnit): boolean =>
      !cluster.actor.isStarting(unit) &&
      (isUnrecorded(record, unit) ||
        (record.uid === inspected && !record.outcome && details++ < DETAILED_UNITS));
    const survey = await takeSurvey(store, engine, wantsDetail, signal);
    const plan = planSurvey(survey, await cluster.total(signal), new Set(), now);
    const records = new Map(survey.records.map((record) => [record.uid, record]));
    const find = finder([...survey.dependencies, ...survey.records]);
    const lost = plan.reconciliations.filter(
      ({ record }, index) => record.outcome?.phase === "lost" && !survey.records[index]?.outcome,
    );
    // A container that is missing may have been removed rightly between the two readings: then its record has changed.
    if (
      await anyChanged(
        cluster,
        lost.map(({ record }) => record),
      )
    )
      continue;
    return wanted.map((stale) => {
      const record = records.get(stale.uid) ?? stale;
      if (needsNoEngine(record)) return viewFinished(record, now);
      const units = survey.unitsOf.get(record.uid) ?? [];
      return toJob(
        record,
        derive({
          record,
          units,
          dependencies: dependencyState(record, find(record)),
          waiting: plan.admission.waiting,
          now,
        }),
      );
    });
  }
}

async function anyChanged(cluster: UnitCluster, records: readonly JobRecord[]): Promise<boolean> {
  for (const record of records) {
    const current = await cluster.parts.store.get(record.namespace, record.name);
    if (current?.version !== record.version) return true;
  }
  return false;
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
