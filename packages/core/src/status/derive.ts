import { unitKey } from "../reconcile/admission.ts";
import type { DependencyState } from "../reconcile/dependencies.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { hasRun, sortUnits, type UnitSlot, type UnitSlots } from "../reconcile/unit-slots.ts";
import { describeEnd, restartsOf } from "../reconcile/unit-verdict.ts";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import { unitName } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import { isService, revisionOf } from "../plan/service-plan.ts";
import { isReady, isReadyIn } from "../reconcile/rolling-update.ts";
import { jobPhase } from "./job-phase.ts";
import type { JobStatus, UnitStatus } from "./job-status.ts";
import type { ReasonCode } from "./reason.ts";
import { serves } from "./service-phase.ts";

/** What `derive()` may know besides the record. */
export interface DeriveInput {
  readonly record: JobRecord;
  /** All containers that carry the record's uid; none are needed once the record has an outcome. */
  readonly units: readonly ObservedUnit[];
  readonly dependencies: DependencyState;
  /** Why candidates wait, from `admit()`. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Status from intent and facts. Shows what the record will say once an actor has seen the same facts, so that it
 * does not depend on whether one is alive. Pure.
 */
export function derive(input: DeriveInput): JobStatus {
  const { record } = reconcile(input);
  const slots = sortUnits(record, input.units);
  const units = slots.wanted.map((slot) => unitStatus(record, slot, input));
  const workers = units.filter((unit) => unit.role === "worker");
  const starts = Object.values(record.units).flatMap((unit) => unit.startedAt ?? []);
  const { phase, reason, message } = jobPhase(record, units, { ...input, slots });
  return {
    created: input.units.some(isScheduled) || starts.length > 0 || record.outcome !== undefined,
    succeeded: record.outcome?.phase === "succeeded",
    nworkersSucceeded: workers.filter((unit) => unit.phase === "succeeded").length,
    parallelism: record.requestedWorkers,
    npending: units.filter((unit) => unit.phase === "pending").length,
    phase,
    reason,
    message,
    ...(isService(record.plan) ? { revision: revisionOf(record) } : {}),
    ...(record.outcome?.exitCode === undefined ? {} : { exitCode: record.outcome.exitCode }),
    nworkersRunning:
      workers.filter((unit) => unit.phase === "running").length + leaving(record, slots),
    submittedAt: record.createdAt,
    ...(starts.length > 0 ? { startedAt: Math.min(...starts) } : {}),
    ...(record.outcome ? { finishedAt: record.outcome.at } : {}),
    units,
  };
}

/** Workers that were scaled away and have not ended yet. */
function leaving(record: JobRecord, { surplus }: UnitSlots): number {
  return surplus.filter((unit) => unit.role === "worker" && isReadyIn(record, unit)).length;
}

function unitStatus(record: JobRecord, slot: UnitSlot, input: DeriveInput): UnitStatus {
  const { unit, observed } = slot;
  const attempts = startsOf(slot);
  const base = {
    name: unitName(unit),
    role: unit.role,
    index: unit.index,
    attempts,
    ...(slot.record?.startedAt === undefined ? {} : { startedAt: slot.record.startedAt }),
  };
  if (serves(slot) && !record.outcome)
    return { ...base, phase: "running", reason: "Running", message: "Running." };
  const final = slot.record?.final;
  if (final) {
    return {
      ...base,
      phase: final.result,
      reason: final.reason,
      message: final.message,
      ...(final.exitCode === undefined ? {} : { exitCode: final.exitCode }),
      finishedAt: final.finishedAt,
    };
  }
  if (observed?.state === "running" && !isReady(slot.group, observed))
    return { ...base, phase: "starting", reason: "NotReady", message: notReady(slot.group) };
  if (observed?.state === "running")
    return { ...base, phase: "running", reason: "Running", message: "Running." };
  if (observed?.state === "restarting" || observed?.state === "exited")
    return { ...base, ...restarting(slot, observed) };
  if (observed?.error !== undefined)
    return {
      ...base,
      phase: "starting",
      reason: observed.errorReason ?? "StartFailed",
      message: observed.error,
    };
  if (observed?.state === "created")
    return {
      ...base,
      phase: "starting",
      reason: "Starting",
      message: STARTING,
    };
  if (observed?.state === "pending") return { ...base, ...acceptedPending(observed) };
  return { ...base, phase: "pending", ...whyPending(record, slot, input) };
}

function startsOf({ record, observed }: UnitSlot): number {
  const started = record?.startedAt !== undefined || (observed !== undefined && hasRun(observed));
  if (record?.final) return started ? record.final.restarts + 1 : 0;
  return started ? restartsOf(record, observed) + 1 : 0;
}

/** A unit that the engine has, and what keeps the engine from starting it. */
function acceptedPending({
  waiting,
}: ObservedUnit): Pick<UnitStatus, "phase" | "reason" | "message"> {
  if (!waiting) return { phase: "starting", reason: "Starting", message: STARTING };
  return { phase: QUEUED.has(waiting.reason) ? "pending" : "starting", ...waiting };
}

function isScheduled({ state, waiting }: ObservedUnit): boolean {
  return state !== "pending" || (waiting !== undefined && !QUEUED.has(waiting.reason));
}

/** Reasons that others must make room for; the rest is a start that takes its time. */
const QUEUED: ReadonlySet<ReasonCode> = new Set(["WaitingForResources", "QuotaExceeded"]);

function notReady({ readiness }: UnitSlot["group"]): string {
  const port = readiness === undefined ? "" : ` at port ${readiness.port}`;
  return `It runs and does not answer${port} yet.`;
}

const STARTING = "The engine is starting it.";

function restarting(
  slot: UnitSlot,
  observed: ObservedUnit,
): Pick<UnitStatus, "phase" | "reason" | "message" | "exitCode"> {
  const { policy, maxRestarts } = slot.group.restart;
  const restarts = restartsOf(slot.record, observed);
  const limit = policy === "always" ? "" : ` of ${maxRestarts}`;
  const message = `${describeEnd(observed).message}; restart ${Math.max(1, restarts)}${limit}.`;
  return {
    phase: "restarting",
    reason: "Restarting",
    message,
    ...(observed.exitCode === undefined ? {} : { exitCode: observed.exitCode }),
  };
}

function whyPending(
  record: JobRecord,
  slot: UnitSlot,
  input: DeriveInput,
): Pick<UnitStatus, "reason" | "message"> {
  if (record.outcome) return { reason: "Stopped", message: "Never started: the job had ended." };
  if (input.dependencies.kind === "waiting") {
    return { reason: "WaitingForDependency", message: `Waits for job ${input.dependencies.job}.` };
  }
  const room = input.waiting.get(unitKey(record.uid, slot.unit));
  if (room !== undefined) return { reason: "WaitingForResources", message: room };
  const master = record.units["master"];
  if (
    slot.unit.role === "worker" &&
    record.plan.completion === "master" &&
    master?.startedAt === undefined
  ) {
    return { reason: "WaitingForMaster", message: "Waits until the master runs." };
  }
  return { reason: "Starting", message: "Will be started." };
}
