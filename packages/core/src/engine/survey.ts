import type { Capacity } from "../backend/cluster-info.ts";
import {
  admit,
  unitKey,
  type Admission,
  type Candidate,
  type Holding,
} from "../reconcile/admission.ts";
import { dependencyState } from "../reconcile/dependencies.ts";
import { reconcileChanged } from "../reconcile/reconcile-changed.ts";
import type { Reconciliation } from "../reconcile/reconcile.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { ObservedUnit } from "./observed-unit.ts";

/** All records that matter, with their containers, at one moment. */
export interface Survey {
  readonly records: readonly JobRecord[];
  /** Finished jobs that others of these depend on. */
  readonly dependencies: readonly JobRecord[];
  /** By the record's uid. */
  readonly unitsOf: ReadonlyMap<string, readonly ObservedUnit[]>;
}

/** What is to be done for all jobs now. */
export interface SurveyPlan {
  readonly reconciliations: readonly Reconciliation[];
  readonly admission: Admission;
}

/** Groups containers by job. */
export function groupByJob(units: readonly ObservedUnit[]): Map<string, ObservedUnit[]> {
  const groups = new Map<string, ObservedUnit[]>();
  for (const unit of units) {
    const group = groups.get(unit.jobUid);
    if (group) group.push(unit);
    else groups.set(unit.jobUid, [unit]);
  }
  return groups;
}

/** Finds a job's dependencies in its own namespace. */
export function finder(
  records: readonly JobRecord[],
): (record: JobRecord) => (name: string) => JobRecord | undefined {
  let byKey: Map<string, JobRecord> | undefined;
  return (record) => (name) => {
    // Few jobs depend on others.
    byKey ??= new Map(records.map((each) => [`${each.namespace}/${each.name}`, each]));
    return byKey.get(`${record.namespace}/${name}`);
  };
}

/**
 * Reconciles every record and shares out the room. Pure.
 * @param starting - units whose start is under way, by `unitKey()`.
 */
export function planSurvey(
  survey: Survey,
  capacity: Capacity,
  starting: ReadonlySet<string>,
  now: number,
): SurveyPlan {
  const find = finder([...survey.dependencies, ...survey.records]);
  const unitsOf = (record: JobRecord): readonly ObservedUnit[] =>
    survey.unitsOf.get(record.uid) ?? [];
  const reconciliations = survey.records.map((record) =>
    reconcileChanged({
      record,
      units: unitsOf(record),
      dependencies: dependencyState(record, find(record)),
      now,
    }),
  );
  const candidates = reconciliations.flatMap(({ record, actions }) =>
    toCandidates(record, actions),
  );
  const holdings: Holding[] = reconciliations
    .filter(({ record }) => !record.outcome)
    .map(({ record }) => ({ record, observed: unitsOf(record), starting }));
  return {
    reconciliations,
    admission: admit(
      candidates.filter((each) => !starting.has(unitKey(each.record.uid, each.unit))),
      holdings,
      capacity,
    ),
  };
}

function toCandidates(record: JobRecord, actions: Reconciliation["actions"]): Candidate[] {
  return actions.flatMap((action) =>
    action.kind === "start"
      ? [{ record, unit: action.unit, attempt: action.attempt, restartsLeft: action.restartsLeft }]
      : [],
  );
}
