import type { JobRecord } from "../record/job-record.ts";
import type { RecordStore } from "../record/record-store.ts";
import { unitName } from "../plan/unit-id.ts";
import { needsEnded } from "../reconcile/needs-ended.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import { finder, groupByJob, type Survey } from "./survey.ts";
import type { EndedOf, UnitEngine } from "./unit-engine.ts";

/** A survey, and containers that run although no active record wants them. */
export interface TakenSurvey extends Survey {
  readonly strays: readonly ObservedUnit[];
}

/**
 * Reads the active records, then the containers: in this order a container that is missing was removed or is still to be
 * made, and one that is newer than its record shows by its attempt.
 */
export async function takeSurvey(
  store: RecordStore,
  engine: UnitEngine,
  wantsDetail: (record: JobRecord, unit: ObservedUnit) => boolean,
  signal?: AbortSignal,
): Promise<TakenSurvey> {
  const records = await store.list({ active: true });
  const byUid = new Map(records.map((record) => [record.uid, record]));
  const detailed = (unit: ObservedUnit): boolean => {
    const record = byUid.get(unit.jobUid);
    return record !== undefined && wantsDetail(record, unit);
  };
  const endedOf: EndedOf = (living) => {
    const livingOf = groupByJob(living);
    return new Set(
      records
        .filter((record) => needsEnded(record, livingOf.get(record.uid) ?? []))
        .map(({ uid }) => uid),
    );
  };
  const observed = await engine.observe(detailed, signal, endedOf);
  const units = engine.apply ? observed.map((unit) => asAttempt(unit, byUid)) : observed;
  const strays = units.filter((unit) => !byUid.has(unit.jobUid) && unit.state !== "exited");
  return {
    records,
    dependencies: await readDependencies(store, records),
    unitsOf: groupByJob(units),
    strays,
  };
}

/** An engine with controllers counts no containers: what it shows is the unit's present one. */
function asAttempt(unit: ObservedUnit, records: ReadonlyMap<string, JobRecord>): ObservedUnit {
  const attempt = records.get(unit.jobUid)?.units[unitName(unit)]?.attempt ?? unit.attempt;
  return attempt === unit.attempt ? unit : { ...unit, attempt };
}

/** Facts are needed that only a look at the one container gives: when it started, how it ended. */
export function isUnrecorded(record: JobRecord, unit: ObservedUnit): boolean {
  if (record.outcome) return false;
  const known = record.units[unitName(unit)];
  return unit.state === "running" ? known?.startedAt === undefined : known?.final === undefined;
}

async function readDependencies(
  store: RecordStore,
  records: readonly JobRecord[],
): Promise<JobRecord[]> {
  const find = finder(records);
  const found: JobRecord[] = [];
  for (const record of records) {
    for (const name of record.plan.after) {
      const other = find(record)(name) ?? (await store.get(record.namespace, name));
      if (other?.outcome) found.push(other);
    }
  }
  return found;
}
