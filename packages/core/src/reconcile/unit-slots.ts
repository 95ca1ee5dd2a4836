import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { UnitGroup } from "../plan/job-plan.ts";
import { compareUnits, parseUnitName, unitName, type UnitId } from "../plan/unit-id.ts";
import type { JobRecord, UnitRecord } from "../record/job-record.ts";

/** A wanted unit with what is known of it. */
export interface UnitSlot {
  readonly unit: UnitId;
  readonly group: UnitGroup;
  readonly record?: UnitRecord;
  /** Its newest container. */
  readonly observed?: ObservedUnit;
}

/** Wanted units, containers that nobody wants, and recorded units that are no longer wanted. */
export interface UnitSlots {
  readonly wanted: readonly UnitSlot[];
  readonly surplus: readonly ObservedUnit[];
  readonly unwanted: readonly UnitId[];
}

/** Whether the container has run or runs. */
export function hasRun(unit: ObservedUnit): boolean {
  return unit.state !== "created" && unit.state !== "pending";
}

/** How many units of this group are wanted now. */
export function replicasOf(record: JobRecord, group: UnitGroup): number {
  return group.role === "worker" ? record.requestedWorkers : group.replicas;
}

/** Puts each container to its unit: the newest attempt counts, older ones and scaled-away units are surplus. Pure. */
export function sortUnits(record: JobRecord, observed: readonly ObservedUnit[]): UnitSlots {
  const newest = new Map<string, ObservedUnit>();
  const surplus: ObservedUnit[] = [];
  for (const unit of observed) {
    const other = newest.get(unitName(unit));
    if (other) surplus.push(other.attempt < unit.attempt ? other : unit);
    if (!other || other.attempt < unit.attempt) newest.set(unitName(unit), unit);
  }
  const wanted: UnitSlot[] = [];
  for (const group of record.plan.groups) {
    for (let index = 0; index < replicasOf(record, group); index++) {
      const unit: UnitId = { role: group.role, index };
      const name = unitName(unit);
      const slot = {
        unit,
        group,
        record: record.units[name],
        observed: currentContainer(record.units[name], newest.get(name)),
      };
      const stale = slot.observed ? undefined : newest.get(name);
      if (stale) surplus.push(stale);
      newest.delete(name);
      wanted.push(withoutUndefined(slot));
    }
  }
  const unwantedNames = new Set([...Object.keys(record.units), ...newest.keys()]);
  for (const slot of wanted) unwantedNames.delete(unitName(slot.unit));
  // Ended containers of scaled-away units are kept for their logs until the job is deleted.
  for (const unit of newest.values()) if (unit.state !== "exited") surplus.push(unit);
  return {
    wanted,
    surplus,
    unwanted: [...unwantedNames]
      .flatMap((name) => parseUnitName(name) ?? [])
      .toSorted(compareUnits),
  };
}

/** A container of an attempt that the record has already given up is not the unit's any more. */
function currentContainer(
  record: UnitRecord | undefined,
  unit: ObservedUnit | undefined,
): ObservedUnit | undefined {
  return unit && record && unit.attempt < record.attempt ? undefined : unit;
}

function withoutUndefined(slot: {
  unit: UnitId;
  group: UnitGroup;
  record: UnitRecord | undefined;
  observed: ObservedUnit | undefined;
}): UnitSlot {
  return {
    unit: slot.unit,
    group: slot.group,
    ...(slot.record ? { record: slot.record } : {}),
    ...(slot.observed ? { observed: slot.observed } : {}),
  };
}
