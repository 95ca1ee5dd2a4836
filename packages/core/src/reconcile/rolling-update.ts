import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { UnitGroup } from "../plan/job-plan.ts";
import { mayOverlap, revisionOf } from "../plan/service-plan.ts";
import type { JobRecord } from "../record/job-record.ts";
import { unitName } from "../plan/unit-id.ts";
import type { UnitSlot, UnitSlots } from "./unit-slots.ts";

/** What is to be done about a service's containers that are older than its record. */
export interface UpdateStep {
  /** Containers whose place has been taken, or has to be free first. */
  readonly remove: readonly ObservedUnit[];
  /** Units that get a new container now. */
  readonly replace: readonly UnitSlot[];
  /** Containers that their engine's controller is to replace. */
  readonly hand: readonly ObservedUnit[];
}

/** A new unit that is not ready so long after its start does not work, as far as anybody can tell. */
const READY_WITHIN_MS = 60_000;

const NOTHING: UpdateStep = { remove: [], replace: [], hand: [] };

/** Whether a unit does its work. */
export function isReady(group: Pick<UnitGroup, "readiness">, unit: ObservedUnit): boolean {
  return unit.state === "running" && (group.readiness === undefined || unit.ready === true);
}

/** The same of a container that may be of none of the wanted units. */
export function isReadyIn({ plan }: JobRecord, unit: ObservedUnit): boolean {
  return isReady(plan.groups.find(({ role }) => role === unit.role) ?? {}, unit);
}

/** The container that does a unit's work: an earlier one, until the new one is ready. */
export function servingContainer({
  group,
  observed,
  older = [],
}: UnitSlot): ObservedUnit | undefined {
  if (observed && isReady(group, observed)) return observed;
  return older.find((unit) => isReady(group, unit));
}

/** Whether a container is made from an earlier spec than the record's. */
export function isOutdated(record: JobRecord, unit: ObservedUnit): boolean {
  return revisionOf(unit) < revisionOf(record);
}

/**
 * The next step of a rolling update: units are replaced one after another, and a ready one only while all others are ready; its old
 * container goes when the new one is ready. So a new spec that does not work stops the update at its first unit. Pure.
 */
export function updateStep(record: JobRecord, slots: readonly UnitSlot[]): UpdateStep {
  const services = slots.filter(({ group }) => group.lifecycle === "service");
  if (services.length === 0) return NOTHING;
  const outdated = services.filter(({ observed }) => observed && isOutdated(record, observed));
  const byEngine = outdated.filter(({ observed }) => observed?.controlled);
  const own = outdated.filter((slot) => !byEngine.includes(slot) && !slot.record?.final);
  const idle = own.filter((slot) => !(slot.observed && isReady(slot.group, slot.observed)));
  const settled = services.every((slot) => isSettled(slot));
  const next = settled ? own.at(-1) : undefined;
  return {
    remove: services.flatMap((slot) => replaced(slot)),
    replace: next ? [next] : idle,
    hand: byEngine.flatMap(({ observed }) => observed ?? []),
  };
}

/** Whether a service's units are being replaced: some are of an earlier spec, or still there besides. Pure. */
export function isUpdating(record: JobRecord, { wanted, surplus }: UnitSlots): boolean {
  if (revisionOf(record) === 0) return false;
  return (
    wanted.some(({ observed, older }) => older || (observed && isOutdated(record, observed))) ||
    surplus.some((unit) => unit.controlled === true && !isOutdated(record, unit))
  );
}

/** When a new unit that runs and does not answer counts as one that does not work; undefined where there is none. Pure. */
export function readyDeadline(record: JobRecord, slots: UnitSlots): number | undefined {
  if (!isUpdating(record, slots)) return undefined;
  const units = [...slots.wanted.flatMap(({ observed }) => observed ?? []), ...slots.surplus];
  const starts = units.flatMap((unit) => {
    const waits = unit.state === "running" && !isOutdated(record, unit) && !isReadyIn(record, unit);
    const startedAt = unit.startedAt ?? record.units[unitName(unit)]?.startedAt;
    return waits ? (startedAt ?? []) : [];
  });
  return starts.length === 0 ? undefined : Math.min(...starts) + READY_WITHIN_MS;
}

/** Whether a unit may start beside what is left of its earlier containers. */
export function hasRoom({ group, older = [] }: UnitSlot): boolean {
  return older.length === 0 || mayOverlap(group);
}

function isSettled({ group, observed, older = [] }: UnitSlot): boolean {
  return observed !== undefined && older.length === 0 && isReady(group, observed);
}

function replaced(slot: UnitSlot): ObservedUnit[] {
  const { group, older = [] } = slot;
  const serving = mayOverlap(group) ? servingContainer(slot) : undefined;
  return older.filter((unit) => unit !== serving);
}
