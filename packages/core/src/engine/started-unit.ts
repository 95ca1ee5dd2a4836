import { unitName, type UnitId } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";

/** The record of a job one of whose units has begun to run; undefined when that is known or no longer matters. Pure. */
export function startedUnit(
  record: JobRecord,
  unit: UnitId,
  attempt: number,
  startedAt: number,
): JobRecord | undefined {
  const name = unitName(unit);
  const kept = record.units[name] ?? { attempt, priorRestarts: 0 };
  const unwanted = unit.role === "worker" && unit.index >= record.requestedWorkers;
  if (record.outcome || unwanted || kept.final || kept.attempt !== attempt) return undefined;
  if (kept.startedAt !== undefined) return undefined;
  return { ...record, units: { ...record.units, [name]: { ...kept, startedAt } } };
}
