import type { JobRecord } from "../record/job-record.ts";
import { isService } from "../plan/service-plan.ts";
import type { DependencyState } from "../reconcile/dependencies.ts";
import type { UnitSlots } from "../reconcile/unit-slots.ts";
import type { JobPhase, UnitStatus } from "./job-status.ts";
import type { ReasonCode } from "./reason.ts";
import { servicePhase } from "./service-phase.ts";

/** Phase of a job with its reason in a word and in a sentence. */
export interface JobPhaseSummary {
  readonly phase: JobPhase;
  readonly reason: ReasonCode;
  readonly message: string;
}

/** The phase that follows from the record and its units' phases. Pure. */
export function jobPhase(
  record: JobRecord,
  units: readonly UnitStatus[],
  input: {
    readonly dependencies: DependencyState;
    readonly slots: UnitSlots;
  },
): JobPhaseSummary {
  if (record.deletionRequestedAt !== undefined) {
    return { phase: "deleting", reason: "BeingDeleted", message: "The job is being deleted." };
  }
  if (record.outcome) {
    const { phase, reason, message } = record.outcome;
    return { phase, reason, message };
  }
  if (units.length === 0)
    return {
      phase: "idle",
      reason: "NoUnits",
      message: "The job has no units: it was scaled to 0.",
    };
  if (input.dependencies.kind === "waiting") {
    return {
      phase: "queued",
      reason: "WaitingForDependency",
      message: `Waits for job ${input.dependencies.job}.`,
    };
  }
  if (isService(record.plan))
    return servicePhase({ record, slots: input.slots }, units, furthest(units));
  return unitsPhase(record, units);
}

/** A job with a master is as far as its master; one without is as far as its furthest unit. */
function unitsPhase(record: JobRecord, units: readonly UnitStatus[]): JobPhaseSummary {
  const master = units.find((unit) => unit.role === "master");
  const leading = master ?? furthest(units);
  const workers = units.filter((unit) => unit.role === "worker");
  switch (leading.phase) {
    case "pending": {
      return {
        phase: leading.reason === "Starting" ? "starting" : "queued",
        reason: leading.reason,
        message: leading.message,
      };
    }
    case "starting":
      return { phase: "starting", reason: leading.reason, message: leading.message };
    case "restarting":
      return {
        phase: "running",
        reason: "Restarting",
        message: `${leading.name}: ${leading.message}`,
      };
    default:
      return { phase: "running", reason: "Running", message: runningMessage(record, workers) };
  }
}

const ORDER: readonly UnitStatus["phase"][] = [
  "running",
  "restarting",
  "starting",
  "succeeded",
  "failed",
  "stopped",
  "lost",
  "pending",
];

function furthest(units: readonly UnitStatus[]): UnitStatus {
  const [first, ...others] = units as readonly [UnitStatus, ...UnitStatus[]];
  return others.reduce(
    (best, unit) => (ORDER.indexOf(unit.phase) < ORDER.indexOf(best.phase) ? unit : best),
    first,
  );
}

function runningMessage(record: JobRecord, workers: readonly UnitStatus[]): string {
  if (record.requestedWorkers === 0) return "Running.";
  const running = workers.filter((unit) => unit.phase === "running").length;
  const parts = [`${running} of ${record.requestedWorkers} workers running`];
  const failed = workers.filter((unit) => unit.phase === "failed");
  const [first] = failed;
  if (first) parts.push(`${failed.length} failed (${first.name}: ${first.message})`);
  const waiting = workers.find(
    (unit) => unit.phase === "pending" && unit.reason === "WaitingForResources",
  );
  if (waiting) parts.push(`${waiting.name}: ${waiting.message}`);
  return parts.join("; ").replace(/\.?$/, ".");
}
