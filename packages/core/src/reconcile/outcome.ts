import { revisionOf } from "../plan/service-plan.ts";
import { unitName, type UnitId } from "../plan/unit-id.ts";
import type { JobOutcome, JobRecord, UnitFinal } from "../record/job-record.ts";
import type { DependencyState } from "./dependencies.ts";
import { replicasOf } from "./unit-slots.ts";

/** A job's end, or when it will have to be judged again. */
export interface OutcomeDecision {
  readonly outcome?: JobOutcome;
  /** Milliseconds since 1970. */
  readonly wakeAt?: number;
}

/** Decides whether a job has ended: by its deciding units, a time limit or a failed dependency. Pure. */
export function decideOutcome(
  record: JobRecord,
  dependencies: DependencyState,
  now: number,
): OutcomeDecision {
  const byUnits = unitsOutcome(record);
  if (byUnits) return { outcome: byUnits };
  if (dependencies.kind === "failed") {
    return {
      outcome: {
        phase: "failed",
        reason: "DependencyFailed",
        message: dependencies.message,
        at: now,
      },
    };
  }
  return timeLimits(record, now);
}

function unitsOutcome(record: JobRecord): JobOutcome | undefined {
  if (record.plan.completion === "master") return masterOutcome(record);
  return record.plan.completion === "workers" ? workersOutcome(record) : serviceOutcome(record);
}

/** A service ends by itself only where none of its units could ever be started. */
function serviceOutcome(record: JobRecord): JobOutcome | undefined {
  if (revisionOf(record) > 0) return undefined;
  const finals: UnitFinal[] = [];
  for (const group of record.plan.groups) {
    for (let index = 0; index < replicasOf(record, group); index++) {
      const unit = record.units[unitName({ role: group.role, index })];
      if (!unit?.final || unit.startedAt !== undefined) return undefined;
      finals.push(unit.final);
    }
  }
  const [first] = finals;
  return first && toOutcome(first, first.message);
}

function masterOutcome(record: JobRecord): JobOutcome | undefined {
  const final = record.units["master"]?.final;
  return final && toOutcome(final, final.message);
}

function workersOutcome(record: JobRecord): JobOutcome | undefined {
  if (record.requestedWorkers === 0) return undefined;
  const finals: [UnitId, UnitFinal][] = [];
  for (let index = 0; index < record.requestedWorkers; index++) {
    const unit: UnitId = { role: "worker", index };
    const final = record.units[unitName(unit)]?.final;
    if (!final) return undefined;
    finals.push([unit, final]);
  }
  const at = Math.max(...finals.map(([, final]) => final.finishedAt));
  const failed = finals.filter(([, final]) => final.result !== "succeeded");
  const [first] = failed;
  if (!first)
    return {
      phase: "succeeded",
      reason: "Succeeded",
      message: "All workers ended with exit code 0.",
      exitCode: 0,
      at,
    };
  const [unit, final] = first;
  const message = `${failed.length} of ${finals.length} workers failed; ${unitName(unit)}: ${final.message}`;
  return { ...toOutcome(final, message), at };
}

function toOutcome(final: UnitFinal, message: string): JobOutcome {
  const phase =
    final.result === "succeeded" ? "succeeded" : final.result === "lost" ? "lost" : "failed";
  return {
    phase,
    reason: final.reason,
    message,
    ...(final.exitCode === undefined ? {} : { exitCode: final.exitCode }),
    at: final.finishedAt,
  };
}

function timeLimits(record: JobRecord, now: number): OutcomeDecision {
  const { maxRuntimeSeconds, startTimeoutSeconds, minWorkers } = record.plan;
  const starts = startTimes(record);
  const first =
    record.units["master"]?.startedAt ?? (starts.length > 0 ? Math.min(...starts) : undefined);
  const wakes: number[] = [];
  if (maxRuntimeSeconds !== undefined && first !== undefined) {
    const limit = first + maxRuntimeSeconds * 1000;
    const message = `Ran longer than its maximum run time of ${maxRuntimeSeconds} s.`;
    if (now >= limit)
      return { outcome: { phase: "failed", reason: "DeadlineExceeded", message, at: now } };
    wakes.push(limit);
  }
  if (startTimeoutSeconds !== undefined && !hasStarted(record)) {
    const limit = record.createdAt + startTimeoutSeconds * 1000;
    const need = minWorkers > 0 ? ` with ${minWorkers} workers` : "";
    const message = `Did not start${need} within ${startTimeoutSeconds} s: ${startedSoFar(record)}.`;
    if (now >= limit)
      return { outcome: { phase: "failed", reason: "StartTimeout", message, at: now } };
    wakes.push(limit);
  }
  return wakes.length > 0 ? { wakeAt: Math.min(...wakes) } : {};
}

function hasStarted(record: JobRecord): boolean {
  const workers = startedWorkers(record);
  if (hasMaster(record))
    return record.units["master"]?.startedAt !== undefined && workers >= record.plan.minWorkers;
  return workers >= Math.max(1, record.plan.minWorkers);
}

/** What there was of a job that did not start in time, in words. */
function startedSoFar(record: JobRecord): string {
  const workers = `${startedWorkers(record)} of ${record.requestedWorkers} workers ran`;
  if (!hasMaster(record)) return workers;
  const master = `the master ${record.units["master"]?.startedAt === undefined ? "waited" : "ran"}`;
  return record.requestedWorkers === 0 ? master : `${master}, ${workers}`;
}

function hasMaster(record: JobRecord): boolean {
  return record.plan.groups.some((group) => group.role === "master");
}

function startedWorkers(record: JobRecord): number {
  return Object.entries(record.units).filter(
    ([name, unit]) => name !== "master" && unit.startedAt !== undefined,
  ).length;
}

function startTimes(record: JobRecord): number[] {
  return Object.values(record.units).flatMap((unit) => unit.startedAt ?? []);
}
