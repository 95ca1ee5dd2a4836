import {
  isOutdated,
  isReady,
  isReadyIn,
  isUpdating,
  servingContainer,
} from "../reconcile/rolling-update.ts";
import type { UnitSlot, UnitSlots } from "../reconcile/unit-slots.ts";
import { revisionOf } from "../plan/service-plan.ts";
import { unitName } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { JobPhaseSummary } from "./job-phase.ts";
import type { UnitStatus } from "./job-status.ts";

/** What a service's phase is made of besides its units' states. */
export interface ServiceView {
  readonly record: JobRecord;
  readonly slots: UnitSlots;
}

/** How many units must answer for a service to be `running`, and to have an endpoint. */
export function enoughReady(record: JobRecord, units: number): number {
  return Math.min(units, Math.max(1, record.plan.minWorkers));
}

/** The phase of a service: `running` as long as enough of its units are ready. Pure. */
export function servicePhase(
  view: ServiceView,
  units: readonly UnitStatus[],
  leading: UnitStatus,
): JobPhaseSummary {
  const { record, slots } = view;
  // While it is updated, an engine may have one more, for the one that is being replaced.
  const extra = slots.surplus.filter((unit) => isReadyIn(record, unit)).length;
  const running = units.filter(({ phase }) => phase === "running").length;
  const ready = Math.min(units.length, running + extra);
  const counted = `${ready} of ${units.length} ${units.length === 1 ? "unit" : "units"} ready`;
  const other = units.find(({ phase }) => phase !== "running");
  const why = other === undefined ? "" : `; ${other.name}: ${other.message}`;
  const message = `${counted}${why}`.replace(/\.?$/, ".");
  if (ready >= enoughReady(record, units.length)) {
    return updateSummary(view, counted) ?? { phase: "running", reason: "Running", message };
  }
  const queued = leading.phase === "pending" && leading.reason !== "Starting";
  const { reason } = other ?? leading;
  return { phase: queued ? "queued" : "starting", reason, message };
}

function updateSummary(view: ServiceView, counted: string): JobPhaseSummary | undefined {
  const { record, slots } = view;
  const { wanted, surplus } = slots;
  const behind = wanted.filter((slot) => !isDone(record, slot));
  if (behind.length === 0 || !isUpdating(record, slots)) return undefined;
  const done = `${counted}; update ${revisionOf(record)}: ${wanted.length - behind.length} of ${wanted.length} done`;
  const extra = surplus.flatMap((observed): UnitSlot[] => {
    const group = record.plan.groups.find(({ role }) => role === observed.role);
    return group ? [{ unit: observed, group, observed }] : [];
  });
  const stopped = [...behind, ...extra].flatMap((slot) => failure(record, slot) ?? [])[0];
  return stopped === undefined
    ? { phase: "running", reason: "Updating", message: `${done}.` }
    : { phase: "running", reason: "UpdateStopped", message: `${done}, stopped at ${stopped}.` };
}

function isDone(record: JobRecord, slot: UnitSlot): boolean {
  const { group, observed, older = [] } = slot;
  return (
    observed !== undefined &&
    older.length === 0 &&
    !isOutdated(record, observed) &&
    isReady(group, observed)
  );
}

/** Why the new container of a unit does not take the old one's place, where it has had its chance. */
function failure(
  record: JobRecord,
  { unit, group, observed, record: known }: UnitSlot,
): string | undefined {
  const name = unitName(unit);
  if (known?.final) return `${name}: ${known.final.message.replace(/\.$/, "")}`;
  if (!observed || isOutdated(record, observed) || isReady(group, observed)) return undefined;
  if (observed.error !== undefined) return `${name}: ${observed.error}`;
  if (
    observed.state === "restarting" ||
    observed.state === "exited" ||
    (observed.restarts ?? 0) > 0
  )
    return `${name}: its program ended${observed.exitCode === undefined ? "" : ` with exit code ${observed.exitCode}`}`;
  return record.updateStalled === true && observed.state === "running"
    ? `${name}: it does not answer`
    : undefined;
}

/** Whether the unit does its work, be it by an earlier container. */
export function serves(slot: UnitSlot): boolean {
  return slot.group.lifecycle === "service" && servingContainer(slot) !== undefined;
}
