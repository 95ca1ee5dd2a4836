import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { JobRecord } from "../record/job-record.ts";
import { reconcile, type Reconciliation, type ReconcileInput } from "./reconcile.ts";

interface Settled {
  readonly units: readonly ObservedUnit[];
  readonly reconciliation: Reconciliation;
}

const settled = new WeakMap<JobRecord, Settled>();

/**
 * As `reconcile()`; but while the record is the same object and its units show the same facts, a job that nothing is to be done
 * for is not judged again: the answer is then the same object as before. Time alone changes nothing for such a job.
 */
export function reconcileChanged(input: ReconcileInput): Reconciliation {
  const { record, units } = input;
  if (input.dependencies.kind !== "ready") return reconcile(input);
  const known = settled.get(record);
  if (known && sameFacts(known.units, units)) return known.reconciliation;
  const reconciliation = reconcile(input);
  if (isSettled(record, reconciliation)) settled.set(record, { units, reconciliation });
  return reconciliation;
}

/** Whether there is nothing to store, nothing to do, and no time to wait for. */
export function isSettled(before: JobRecord, reconciliation: Reconciliation): boolean {
  const { record, actions, forget, wakeAt } = reconciliation;
  return record === before && actions.length === 0 && !forget && wakeAt === undefined;
}

function sameFacts(known: readonly ObservedUnit[], units: readonly ObservedUnit[]): boolean {
  return (
    known.length === units.length &&
    known.every((unit, index) => {
      const other = units[index];
      return other === unit || (other !== undefined && sameUnit(unit, other));
    })
  );
}

function sameUnit(a: ObservedUnit, b: ObservedUnit): boolean {
  return (
    a.jobUid === b.jobUid &&
    a.role === b.role &&
    a.index === b.index &&
    a.attempt === b.attempt &&
    a.engineId === b.engineId &&
    a.state === b.state &&
    a.ready === b.ready &&
    a.revision === b.revision &&
    a.controlled === b.controlled &&
    a.waiting?.reason === b.waiting?.reason &&
    a.waiting?.message === b.waiting?.message &&
    a.exitCode === b.exitCode &&
    a.outOfMemory === b.outOfMemory &&
    a.evicted === b.evicted &&
    a.error === b.error &&
    a.errorReason === b.errorReason &&
    a.gaveUp === b.gaveUp &&
    a.restarts === b.restarts &&
    a.startedAt === b.startedAt &&
    a.finishedAt === b.finishedAt
  );
}
