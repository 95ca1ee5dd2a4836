import type { Reconciliation } from "../reconcile/reconcile.ts";
import type { JobRecord, UnitRecord } from "../record/job-record.ts";

/** Most short programs have ended by then, also in a busy cluster. */
const PATIENCE_MS = 5000;

/**
 * When to store that units have begun to run, where that is all there is to store and their controllers answer for them meanwhile:
 * the end of a short program comes soon, and is stored with it. Undefined: at once. Pure.
 */
export function startNoteDue(
  before: JobRecord,
  { record, actions, forget }: Reconciliation,
  now: number,
): number | undefined {
  if (actions.length > 0 || forget || record === before) return undefined;
  const { units: known, ...rest } = before;
  const { units, ...others } = record;
  if (!sameFields(rest, others)) return undefined;
  const starts: number[] = [];
  for (const name of new Set([...Object.keys(known), ...Object.keys(units)])) {
    const { startedAt: knownAt, ...earlier }: Partial<UnitRecord> = known[name] ?? FRESH;
    const { startedAt, ...later }: Partial<UnitRecord> = units[name] ?? {};
    if (!sameFields(earlier, later)) return undefined;
    if (startedAt === knownAt) continue;
    if (knownAt !== undefined || startedAt === undefined) return undefined;
    starts.push(startedAt);
  }
  const due = Math.min(...starts) + PATIENCE_MS;
  // The cluster's clock may be another one.
  return due > now && due <= now + 2 * PATIENCE_MS ? due : undefined;
}

/** Of a unit that nothing is known of. */
const FRESH: UnitRecord = { attempt: 0, priorRestarts: 0 };

function sameFields(a: object, b: object): boolean {
  const [one, other] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return one.size === other.size && one.entries().every(([key, value]) => other.get(key) === value);
}
