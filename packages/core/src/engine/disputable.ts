import type { Reconciliation } from "../reconcile/reconcile.ts";
import { parseUnitName, unitName } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { ReasonCode } from "../status/reason.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import type { Survey } from "./survey.ts";

/**
 * Ends that follow from a failed start or from a missing container. Whoever acts may be repairing the one or have made the
 * other, so only they can tell; exit codes mean the same to everybody.
 */
const DISPUTABLE: ReadonlySet<ReasonCode> = new Set([
  "StartFailed",
  "PortTaken",
  "VolumeUnavailable",
  "ImageNotFound",
  "Vanished",
]);

/** Whether some job would end for a reason that only the actor can judge. Pure. */
export function disputable(reconciliations: readonly Reconciliation[]): boolean {
  return reconciliations.some(
    ({ record: { outcome, units } }) =>
      (outcome && DISPUTABLE.has(outcome.reason)) ||
      Object.values(units).some(({ final }) => final && DISPUTABLE.has(final.reason)),
  );
}

/** The survey as it is while the actor's judgement is awaited: nothing has failed to start and nothing is missing. Pure. */
export function withoutDisputable<Kind extends Survey>(survey: Kind): Kind {
  const unitsOf = new Map(survey.unitsOf);
  for (const record of survey.records) {
    unitsOf.set(record.uid, undisputed(record, survey.unitsOf.get(record.uid) ?? []));
  }
  return { ...survey, unitsOf };
}

function undisputed(record: JobRecord, units: readonly ObservedUnit[]): ObservedUnit[] {
  const present = new Set(units.map((unit) => unitName(unit)));
  const missing = Object.entries(record.units).flatMap(([name, unit]): ObservedUnit[] => {
    const id = parseUnitName(name);
    if (!id || present.has(name) || unit.final || unit.startedAt === undefined) return [];
    const { attempt, startedAt } = unit;
    return [{ jobUid: record.uid, ...id, attempt, engineId: "", state: "running", startedAt }];
  });
  return [...units.map(({ error: _error, ...unit }) => unit), ...missing];
}
