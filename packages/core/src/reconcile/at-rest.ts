import type { Reconciliation } from "./reconcile.ts";
import { replicasOf } from "./unit-slots.ts";

/** Nothing will happen to the job unless somebody changes its record. */
export function isAtRest({ record, actions, forget, wakeAt }: Reconciliation): boolean {
  if (actions.length > 0 || forget || wakeAt !== undefined) return false;
  return (
    record.outcome !== undefined ||
    record.plan.groups.every((group) => replicasOf(record, group) === 0)
  );
}
