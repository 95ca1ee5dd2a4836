import type { UnitAction } from "../reconcile/reconcile.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { RecordStore } from "../record/record-store.ts";
import type { ObservedUnit } from "./observed-unit.ts";

/** What to do with a container that no active job wants. */
export interface StrayAction {
  /** Of a job that has ended; absent: it was deleted. */
  readonly record?: JobRecord;
  readonly action: Extract<UnitAction, { kind: "stop" | "remove" }>;
}

/** Containers of jobs that have ended or were deleted, brought back by the engine or left by a killed process: these go. */
export async function dealWithStrays(
  store: RecordStore,
  strays: readonly ObservedUnit[],
): Promise<StrayAction[]> {
  if (strays.length === 0) return [];
  const records = new Map((await store.list()).map((record) => [record.uid, record]));
  const found: StrayAction[] = [];
  for (const observed of strays) {
    const record = records.get(observed.jobUid);
    if (!record && !(await store.wasRemoved(observed.jobUid))) continue;
    // One that could not be started stays as it is: there is nothing to stop.
    if (record && (!record.outcome || observed.state === "created")) continue;
    const where = { unit: observed, observed };
    if (record) found.push({ record, action: { kind: "stop", ...where } });
    else found.push({ action: { kind: "remove", ...where } });
  }
  return found;
}
