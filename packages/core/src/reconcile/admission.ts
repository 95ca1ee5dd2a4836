import type { Capacity } from "../backend/cluster-info.ts";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { Resources, UnitGroup } from "../plan/job-plan.ts";
import { compareUnits, unitName, type UnitId } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import { formatCapacity } from "./format-capacity.ts";
import { sortUnits } from "./unit-slots.ts";

/** A unit that could start if there were room. */
export interface Candidate {
  readonly record: JobRecord;
  readonly unit: UnitId;
  readonly attempt: number;
  readonly restartsLeft: number;
}

/** Which candidates start now, and why the others wait (by {@link unitKey}). */
export interface Admission {
  readonly admitted: readonly Candidate[];
  readonly waiting: ReadonlyMap<string, string>;
}

/** A unit of a submit, as a map key. */
export function unitKey(jobUid: string, unit: UnitId): string {
  return `${jobUid}/${unitName(unit)}`;
}

/** What a running job holds, and what it still must get before others: its missing minimum of workers. */
export interface Holding {
  readonly record: JobRecord;
  readonly observed: readonly ObservedUnit[];
  /** Units whose start is under way, by {@link unitKey}, and that may not be observed yet. */
  readonly starting: ReadonlySet<string>;
}

/**
 * Shares out what is free: masters and minimum workers first, in order of submit, then the other workers; a unit that
 * does not fit lets smaller ones pass, as on Kubernetes. A master starts only where its minimum of workers fits beside it. Pure.
 */
export function admit(
  candidates: readonly Candidate[],
  holdings: readonly Holding[],
  capacity: Capacity,
): Admission {
  // The engine itself makes them wait.
  if (isUnbounded(capacity)) return { admitted: candidates, waiting: new Map() };
  const free = mutable(capacity);
  for (const holding of holdings) for (const use of heldBy(holding)) take(free, use);
  const admitted: Candidate[] = [];
  const waiting = new Map<string, string>();
  for (const candidate of candidates.toSorted(compareCandidates)) {
    const need = needOf(candidate, holdings);
    const own = resourcesOf(candidate.record, candidate.unit);
    if (fits(need, free)) {
      take(free, own);
      if (need !== own) take(free, minus(need, own));
      admitted.push(candidate);
    } else {
      waiting.set(unitKey(candidate.record.uid, candidate.unit), waitMessage(need, free, capacity));
    }
  }
  return { admitted, waiting };
}

function isUnbounded({ cpuMillis, memoryBytes, gpus }: Capacity): boolean {
  return cpuMillis === Infinity && memoryBytes === Infinity && gpus === Infinity;
}

/** Whether a unit, and a master with its minimum of workers, could ever run on a cluster with nodes of that size. */
export function neverFits(
  groups: readonly UnitGroup[],
  minWorkers: number,
  largestNode: Capacity,
  total: Capacity,
): string | undefined {
  for (const group of groups) {
    const need = toCapacity(group.container.resources);
    if (!fits(need, largestNode))
      return `A ${group.role} needs ${formatCapacity(need)}; the largest node has ${formatCapacity(largestNode)}.`;
  }
  const sum = mutable({ cpuMillis: 0, memoryBytes: 0, gpus: 0 });
  for (const group of groups)
    add(sum, group.container.resources, group.role === "master" ? 1 : minWorkers);
  if (fits(sum, total)) return undefined;
  return `The master with ${minWorkers} workers needs ${formatCapacity(sum)}; the cluster has ${formatCapacity(total)}.`;
}

type Mutable = { -readonly [Key in keyof Capacity]: Capacity[Key] };

const mutable = (capacity: Capacity): Mutable => ({ ...capacity });

const toCapacity = (resources: Resources): Capacity => ({
  cpuMillis: resources.cpuMillis,
  memoryBytes: resources.memoryBytes,
  gpus: resources.gpus,
});

function heldBy({ record, observed, starting }: Holding): Capacity[] {
  const held: Capacity[] = [];
  for (const slot of sortUnits(record, observed).wanted) {
    // While a service is updated, an earlier container runs beside the new one.
    for (const older of slot.older ?? [])
      if (older.state === "running") held.push(toCapacity(slot.group.container.resources));
    const active =
      slot.observed !== undefined &&
      !slot.record?.final &&
      !(slot.observed.state === "created" && slot.observed.error !== undefined);
    if (!active && !starting.has(unitKey(record.uid, slot.unit))) continue;
    // A created container without error is a candidate again, unless its start is under way.
    if (slot.observed?.state === "created" && !starting.has(unitKey(record.uid, slot.unit)))
      continue;
    held.push(toCapacity(slot.group.container.resources));
  }
  return held;
}

/** A master that is to start must have room for its minimum of workers too. */
function needOf({ record, unit }: Candidate, holdings: readonly Holding[]): Capacity {
  const own = resourcesOf(record, unit);
  const workers = record.plan.groups.find((group) => group.role === "worker");
  if (unit.role !== "master" || !workers || record.plan.minWorkers === 0) return own;
  const holding = holdings.find((other) => other.record.uid === record.uid);
  const running = holding ? heldBy(holding).length : 0;
  const missing = Math.max(0, Math.min(record.plan.minWorkers, record.requestedWorkers) - running);
  const need = mutable(own);
  add(need, workers.container.resources, missing);
  return need;
}

function resourcesOf(record: JobRecord, unit: UnitId): Capacity {
  const group = record.plan.groups.find((candidate) => candidate.role === unit.role);
  return group ? toCapacity(group.container.resources) : { cpuMillis: 0, memoryBytes: 0, gpus: 0 };
}

/** 0: decides whether a job can begin; 1: makes a running job faster. */
function rank({ record, unit }: Candidate): number {
  if (unit.role === "master") return 0;
  return unit.index < Math.max(record.plan.minWorkers, record.plan.completion === "master" ? 0 : 1)
    ? 0
    : 1;
}

function compareCandidates(a: Candidate, b: Candidate): number {
  return (
    rank(a) - rank(b) ||
    a.record.createdAt - b.record.createdAt ||
    a.record.name.localeCompare(b.record.name) ||
    compareUnits(a.unit, b.unit)
  );
}

function fits(need: Capacity, free: Capacity): boolean {
  return (
    need.cpuMillis <= free.cpuMillis &&
    need.memoryBytes <= free.memoryBytes &&
    need.gpus <= free.gpus
  );
}

function take(free: Mutable, use: Capacity): void {
  free.cpuMillis -= use.cpuMillis;
  free.memoryBytes -= use.memoryBytes;
  free.gpus -= use.gpus;
}

function add(sum: Mutable, use: Capacity, times: number): void {
  sum.cpuMillis += use.cpuMillis * times;
  sum.memoryBytes += use.memoryBytes * times;
  sum.gpus += use.gpus * times;
}

function minus(a: Capacity, b: Capacity): Capacity {
  return {
    cpuMillis: a.cpuMillis - b.cpuMillis,
    memoryBytes: a.memoryBytes - b.memoryBytes,
    gpus: a.gpus - b.gpus,
  };
}

function waitMessage(need: Capacity, free: Capacity, capacity: Capacity): string {
  const left = {
    cpuMillis: Math.max(0, free.cpuMillis),
    memoryBytes: Math.max(0, free.memoryBytes),
    gpus: Math.max(0, free.gpus),
  };
  return `Waits for ${formatCapacity(need)}: ${formatCapacity(left)} of ${formatCapacity(capacity)} are free.`;
}
