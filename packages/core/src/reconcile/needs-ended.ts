import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { JobRecord } from "../record/job-record.ts";
import { sortUnits } from "./unit-slots.ts";

/**
 * Whether a job's ended containers can make a difference to `reconcile()`, and to `derive()` where the job has no outcome,
 * given those that have not ended. False for a job whose units all run, or have ended and are recorded so. Pure.
 */
export function needsEnded(record: JobRecord, living: readonly ObservedUnit[]): boolean {
  // They are to be removed.
  if (record.deletionRequestedAt !== undefined) return true;
  if (record.outcome) return false;
  // Whether there is any says whether the job was given to the engine.
  if (living.length === 0) return true;
  // An earlier container of a unit that was replaced may be left over.
  if ([...Object.values(record.units), ...living].some((unit) => unit.attempt > 0)) return true;
  return sortUnits(record, living).wanted.some((slot) => !slot.record?.final && !slot.observed);
}
