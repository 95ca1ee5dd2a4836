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
  /** Of a service: earlier containers that are still there, the newest first. */
  readonly older?: readonly ObservedUnit[];
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

/** Puts each container to its unit: the newest attempt counts, older ones (but for a service's) and scaled-away units are surplus. Pure. */
export function sortUnits(record: JobRecord, observed: readonly ObservedUnit[]): UnitSlots {
  const containers = new Map<string, ObservedUnit[]>();
  for (const unit of observed) {
    const others = containers.get(unitName(unit));
    if (others) others.push(unit);
    else containers.set(unitName(unit), [unit]);
  }
  const surplus: ObservedUnit[] = [];
  const wanted: UnitSlot[] = [];
  for (const group of record.plan.groups) {
    for (let index = 0; index < replicasOf(record, group); index++) {
      const unit: UnitId = { role: group.role, index };
      const name = unitName(unit);
      const own = newestFirst(containers.get(name));
      const known = record.units[name];
      const current = currentContainer(known, own[0]);
      const others = current ? own.slice(1) : own;
      const keepsOthers = group.lifecycle === "service" && others.length > 0;
      if (!keepsOthers) surplus.push(...others);
      containers.delete(name);
      wanted.push({
        unit,
        group,
        ...(known ? { record: known } : {}),
        ...(current ? { observed: current } : {}),
        ...(keepsOthers ? { older: others } : {}),
      });
    }
  }
  const unwantedNames = new Set([...Object.keys(record.units), ...containers.keys()]);
  for (const slot of wanted) unwantedNames.delete(unitName(slot.unit));
  for (const own of containers.values()) {
    const [newest, ...others] = newestFirst(own);
    // Ended containers of scaled-away units are kept for their logs until the job is deleted.
    if (newest && newest.state !== "exited") surplus.push(newest);
    surplus.push(...others);
  }
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

/** Containers of one unit; there is rarely more than one. */
function newestFirst(containers: readonly ObservedUnit[] = []): readonly ObservedUnit[] {
  return containers.length < 2 ? containers : containers.toSorted((a, b) => b.attempt - a.attempt);
}
