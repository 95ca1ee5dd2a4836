import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { UnitGroup } from "../plan/job-plan.ts";
import { mayOverlap, revisionOf } from "../plan/service-plan.ts";
import { unitName, type UnitId } from "../plan/unit-id.ts";
import type { JobOutcome, JobRecord, UnitRecord } from "../record/job-record.ts";
import type { DependencyState } from "./dependencies.ts";
import { decideOutcome } from "./outcome.ts";
import { hasRoom, readyDeadline, servingContainer, updateStep } from "./rolling-update.ts";
import { hasRun, sortUnits, type UnitSlot } from "./unit-slots.ts";
import { restartIsCounted, restartsOf, unitVerdict } from "./unit-verdict.ts";

/** Something to do to an engine. Every action may be repeated. */
export type UnitAction =
  /** Needs room: goes through `admit()`. */
  | {
      readonly kind: "start";
      readonly unit: UnitId;
      readonly attempt: number;
      readonly restartsLeft: number;
    }
  | {
      readonly kind: "restart";
      readonly unit: UnitId;
      readonly observed: ObservedUnit;
      readonly restartsLeft: number;
    }
  /** Ends the program and keeps the container, for its logs. */
  | { readonly kind: "stop"; readonly unit: UnitId; readonly observed: ObservedUnit }
  /** Ends the program and removes the container. */
  | { readonly kind: "remove"; readonly unit: UnitId; readonly observed: ObservedUnit }
  /** Of a service on an engine with controllers: its container is older than the record. */
  | { readonly kind: "update"; readonly unit: UnitId; readonly observed: ObservedUnit };

/** What is to be done for one job now. */
export interface Reconciliation {
  /** The record as it should be: to be stored (compare-and-swap) before any action. The same object when nothing changed. */
  readonly record: JobRecord;
  readonly actions: readonly UnitAction[];
  /** Whether everything is gone of a job marked for deletion: clean up and remove the record. */
  readonly forget: boolean;
  /** When to look again if nothing happens until then, milliseconds since 1970. */
  readonly wakeAt?: number;
}

/** What `reconcile()` may know. */
export interface ReconcileInput {
  readonly record: JobRecord;
  /** All containers that carry the record's uid. */
  readonly units: readonly ObservedUnit[];
  /** State of the jobs in `plan.after`. */
  readonly dependencies: DependencyState;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Intent and facts to actions: pure, so that whoever holds the lease comes to the same result. Repeating it with the
 * actions done leads to no more actions.
 */
export function reconcile(input: ReconcileInput): Reconciliation {
  const { record, units } = input;
  if (record.deletionRequestedAt !== undefined) {
    const actions = units.map((observed) => ({
      kind: "remove" as const,
      unit: idOf(observed),
      observed,
    }));
    return { record, actions, forget: actions.length === 0 };
  }
  if (record.outcome) return reconcileFinished(input, record.outcome);
  return reconcileLive(input);
}

function reconcileFinished(
  { record, units, now }: ReconcileInput,
  outcome: JobOutcome,
): Reconciliation {
  const actions = units.flatMap(stopIfActive);
  const keep = record.plan.keepAfterFinishSeconds;
  if (keep === undefined) return { record, actions, forget: false };
  const deleteAt = outcome.at + keep * 1000;
  if (now < deleteAt) return { record, actions, forget: false, wakeAt: deleteAt };
  return { record: { ...record, deletionRequestedAt: now }, actions, forget: false, wakeAt: now };
}

function reconcileLive(input: ReconcileInput): Reconciliation {
  const { record, now } = input;
  const slots = sortUnits(record, input.units);
  const next: Record<string, UnitRecord> = { ...record.units };
  const actions: UnitAction[] = slots.surplus.map((observed) => ({
    kind: "remove",
    unit: idOf(observed),
    observed,
  }));
  for (const unit of slots.unwanted) Object.assign(next, releasedUnit(record, unit));
  const update = updateStep(record, slots.wanted);
  for (const observed of update.remove)
    actions.push({ kind: "remove", unit: idOf(observed), observed });
  for (const observed of update.hand)
    actions.push({ kind: "update", unit: idOf(observed), observed });

  const masterStarted = hasStarted(slots.wanted.find((slot) => slot.unit.role === "master"));
  for (const slot of slots.wanted) {
    if (update.replace.includes(slot)) {
      actions.push(...replacement(slot, next));
      continue;
    }
    const verdict = unitVerdict(slot.record, slot.observed, rulesOf(record, slot), now);
    const kept = slot.record ?? { attempt: 0, priorRestarts: 0 };
    const updated = withFacts(kept, slot.observed, now);
    const restartsLeft = Math.max(
      0,
      slot.group.restart.maxRestarts - restartsOf(kept, slot.observed),
    );
    if (updated !== kept) next[unitName(slot.unit)] = updated;
    // One that is known is left as it is: a record that seems changed is stored, and leads to another look.
    const end = verdict.kind === "final" && mayEnd(record, slot, updated);
    if (end && updated.final === undefined)
      next[unitName(slot.unit)] = { ...updated, final: verdict.final };
    if (verdict.kind === "restart" && slot.observed) {
      const counted = countRestart(updated, slot.observed);
      next[unitName(slot.unit)] = counted;
      const left = Math.max(0, slot.group.restart.maxRestarts - counted.priorRestarts);
      actions.push({
        kind: "restart",
        unit: slot.unit,
        observed: slot.observed,
        restartsLeft: left,
      });
    }
    const gated =
      input.dependencies.kind !== "ready" ||
      (waitsForMaster(record, slot) && !masterStarted) ||
      !hasRoom(slot);
    if (verdict.kind === "start" && !gated) {
      const { attempt } = verdict;
      // A vanished unit's new container has not run yet.
      if (attempt !== updated.attempt)
        next[unitName(slot.unit)] = { attempt, priorRestarts: updated.priorRestarts };
      actions.push({ kind: "start", unit: slot.unit, attempt, restartsLeft });
    }
  }
  return noteReadiness(finish(input, next, actions), readyDeadline(record, slots), now);
}

/** That an update has stopped is told by the record, so that whoever watches hears of it. */
function noteReadiness(
  result: Reconciliation,
  deadline: number | undefined,
  now: number,
): Reconciliation {
  const { record, wakeAt } = result;
  if (record.outcome) return result;
  const stalled = deadline !== undefined && now >= deadline;
  const noted =
    stalled === (record.updateStalled ?? false) ? record : { ...record, updateStalled: stalled };
  if (deadline === undefined || stalled) return { ...result, record: noted };
  return { ...result, record: noted, wakeAt: Math.min(deadline, wakeAt ?? deadline) };
}

/** A service's unit ends only where it could not be started from the beginning: later, it is its engine's or an update's to repair. */
function mayEnd(record: JobRecord, slot: UnitSlot, known: UnitRecord): boolean {
  if (slot.group.lifecycle !== "service") return true;
  return revisionOf(record) === 0 && known.startedAt === undefined && !servingContainer(slot);
}

/** A new container of the record's spec; of a unit that may not run twice, the present one has to go first. */
function replacement(slot: UnitSlot, next: Record<string, UnitRecord>): UnitAction[] {
  const { unit, group, observed } = slot;
  if (!observed) return [];
  const attempt = observed.attempt + 1;
  next[unitName(unit)] = { attempt, priorRestarts: 0 };
  if (!mayOverlap(group)) return [{ kind: "remove", unit, observed }];
  return [{ kind: "start", unit, attempt, restartsLeft: group.restart.maxRestarts }];
}

function finish(
  input: ReconcileInput,
  units: Record<string, UnitRecord>,
  actions: UnitAction[],
): Reconciliation {
  const { record, now } = input;
  const changed = noteDependencies(
    sameUnits(record.units, units) ? record : { ...record, units },
    input.dependencies,
  );
  const { outcome, wakeAt } = decideOutcome(changed, input.dependencies, now);
  if (!outcome)
    return { record: changed, actions, forget: false, ...(wakeAt === undefined ? {} : { wakeAt }) };
  const finished = { ...changed, outcome, units: endWorkers(units, outcome) };
  return reconcileFinished({ ...input, record: finished }, outcome);
}

/** Once the job has ended, so have its units: workers of a successful master count as succeeded. */
function endWorkers(
  units: Readonly<Record<string, UnitRecord>>,
  outcome: JobOutcome,
): Record<string, UnitRecord> {
  const end = (unit: UnitRecord): UnitRecord => {
    if (unit.final) return unit;
    const result =
      outcome.phase === "succeeded" && unit.startedAt !== undefined ? "succeeded" : "stopped";
    const message = "Stopped because the job had ended.";
    return {
      ...unit,
      final: {
        result,
        reason: "Stopped",
        message,
        restarts: unit.priorRestarts,
        finishedAt: outcome.at,
      },
    };
  };
  return Object.fromEntries(Object.entries(units).map(([name, unit]) => [name, end(unit)]));
}

function noteDependencies(record: JobRecord, dependencies: DependencyState): JobRecord {
  const met = (dependencies.kind !== "failed" && dependencies.met) || [];
  const noted = record.metDependencies ?? [];
  return met.length > noted.length ? { ...record, metDependencies: met } : record;
}

function withFacts(record: UnitRecord, unit: ObservedUnit | undefined, now: number): UnitRecord {
  if (!unit) return record;
  const newer = unit.attempt > record.attempt ? { ...record, attempt: unit.attempt } : record;
  if (newer.startedAt !== undefined || !hasRun(unit)) return newer;
  return { ...newer, startedAt: unit.startedAt ?? now };
}

/** Counts the end that is answered by a restart, once: the engine's own counter starts again at 0. */
function countRestart(record: UnitRecord, unit: ObservedUnit): UnitRecord {
  if (restartIsCounted(record, unit)) return record;
  const counted = { ...record, priorRestarts: restartsOf(record, unit) + 1 };
  return unit.finishedAt === undefined ? counted : { ...counted, restartedFrom: unit.finishedAt };
}

/** A unit that was scaled away: when it comes back, it is a new container with a new budget, unless its end counts for the job. */
function releasedUnit(record: JobRecord, unit: UnitId): Record<string, UnitRecord> {
  const kept = record.units[unitName(unit)];
  if (!kept || (kept.final && record.plan.completion === "workers")) return {};
  if (!kept.final && kept.startedAt === undefined) return {};
  return { [unitName(unit)]: { attempt: kept.attempt + 1, priorRestarts: 0 } };
}

function rulesOf(
  record: JobRecord,
  slot: UnitSlot,
): { restart: UnitGroup["restart"]; replaceVanished: boolean } {
  return {
    restart: slot.group.restart,
    replaceVanished: waitsForMaster(record, slot) || slot.group.lifecycle === "service",
  };
}

function waitsForMaster(record: JobRecord, slot: UnitSlot): boolean {
  return slot.unit.role === "worker" && record.plan.completion === "master";
}

function hasStarted(slot: UnitSlot | undefined): boolean {
  return (
    slot !== undefined &&
    (slot.record?.startedAt !== undefined || (slot.observed !== undefined && hasRun(slot.observed)))
  );
}

function stopIfActive(observed: ObservedUnit): UnitAction[] {
  if (observed.state === "exited" || (observed.state === "created" && observed.error !== undefined))
    return [];
  const kind = hasRun(observed) ? "stop" : "remove";
  return [{ kind, unit: idOf(observed), observed }];
}

function idOf(unit: ObservedUnit): UnitId {
  return { role: unit.role, index: unit.index };
}

function sameUnits(
  a: Readonly<Record<string, UnitRecord>>,
  b: Readonly<Record<string, UnitRecord>>,
): boolean {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}
