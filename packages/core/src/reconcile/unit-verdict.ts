import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { RestartPolicy } from "../plan/job-plan.ts";
import type { UnitFinal, UnitRecord } from "../record/job-record.ts";
import type { ReasonCode } from "../status/reason.ts";

/** What is to become of one wanted unit. */
export type UnitVerdict =
  /** It has ended for good. */
  | { readonly kind: "final"; readonly final: UnitFinal }
  /** It has no running container and wants one. */
  | { readonly kind: "start"; readonly attempt: number }
  /** Its container ended and is to be started again. */
  | { readonly kind: "restart" }
  /** It runs, or the engine is about to run it. */
  | { readonly kind: "active" };

/** What {@link unitVerdict} needs to know of a unit's group. */
export interface UnitRules {
  readonly restart: RestartPolicy;
  /** Whether a container that vanished after it ran is replaced; else the unit is lost, as it may have finished. */
  readonly replaceVanished: boolean;
}

/** Restarts of a unit so far, by the engine and by us. */
export function restartsOf(record: UnitRecord | undefined, unit: ObservedUnit | undefined): number {
  const prior = record?.priorRestarts ?? 0;
  return restartIsCounted(record, unit) ? prior : prior + (unit?.restarts ?? 0);
}

/** Whether the restart that answers this container's last end is in the record already. */
export function restartIsCounted(
  record: UnitRecord | undefined,
  unit: ObservedUnit | undefined,
): boolean {
  return record?.restartedFrom !== undefined && record.restartedFrom === unit?.finishedAt;
}

/** Judges one wanted unit by its record and its current container. Pure. */
export function unitVerdict(
  record: UnitRecord | undefined,
  unit: ObservedUnit | undefined,
  rules: UnitRules,
  now: number,
): UnitVerdict {
  if (record?.final) return { kind: "final", final: record.final };
  if (!unit) return missingVerdict(record, rules, now);
  if (unit.state === "running" || unit.state === "restarting") return { kind: "active" };
  const restarts = restartsOf(record, unit);
  if (unit.state === "created" || unit.state === "pending") {
    if (unit.error !== undefined)
      return { kind: "final", final: startFailure(unit, restarts, now) };
    return unit.state === "pending" ? { kind: "active" } : { kind: "start", attempt: unit.attempt };
  }
  // Counted but not done: the actor was stopped in between.
  if (restartIsCounted(record, unit)) return { kind: "restart" };
  return exitedVerdict(unit, restarts, rules.restart, now);
}

function missingVerdict(
  record: UnitRecord | undefined,
  rules: UnitRules,
  now: number,
): UnitVerdict {
  if (record?.startedAt === undefined) return { kind: "start", attempt: record?.attempt ?? 0 };
  if (rules.replaceVanished) return { kind: "start", attempt: record.attempt + 1 };
  const message = "Its container was removed from outside before its end was seen.";
  return {
    kind: "final",
    final: {
      result: "lost",
      reason: "Vanished",
      message,
      restarts: record.priorRestarts,
      finishedAt: now,
    },
  };
}

function startFailure(unit: ObservedUnit, restarts: number, now: number): UnitFinal {
  return {
    result: "failed",
    reason: unit.errorReason ?? "StartFailed",
    message: `The engine could not start it: ${unit.error ?? "no reason given"}`,
    restarts,
    finishedAt: unit.finishedAt ?? now,
  };
}

function exitedVerdict(
  unit: ObservedUnit,
  restarts: number,
  restart: RestartPolicy,
  now: number,
): UnitVerdict {
  const failed = unit.exitCode !== 0;
  const again =
    unit.gaveUp !== true &&
    (restart.policy === "always" ||
      (restart.policy === "on-failure" && failed && restarts < restart.maxRestarts));
  if (again) return { kind: "restart" };
  const { reason, message } = describeEnd(unit);
  const after =
    failed && restarts > 0 ? ` after ${restarts} ${restarts === 1 ? "restart" : "restarts"}` : "";
  return {
    kind: "final",
    final: {
      result: failed ? "failed" : "succeeded",
      ...(unit.exitCode === undefined ? {} : { exitCode: unit.exitCode }),
      reason,
      message: message + after + ".",
      restarts,
      finishedAt: unit.finishedAt ?? now,
    },
  };
}

/** Reason and words, without a full stop, for the way a container ended. */
export function describeEnd(unit: ObservedUnit): { reason: ReasonCode; message: string } {
  if (unit.outOfMemory)
    return { reason: "OutOfMemory", message: "Out of memory: killed at its memory limit" };
  if (unit.evicted !== undefined)
    return { reason: "Evicted", message: `Ended by the engine: ${unit.evicted}` };
  if (unit.exitCode === 0) return { reason: "Succeeded", message: "Ended with exit code 0" };
  return {
    reason: "ExitCode",
    message: `Ended with exit code ${unit.exitCode ?? "unknown"}${signalName(unit.exitCode)}`,
  };
}

const SIGNALS: Readonly<Record<number, string>> = {
  130: "SIGINT",
  134: "SIGABRT",
  137: "SIGKILL",
  139: "SIGSEGV",
  143: "SIGTERM",
};

function signalName(exitCode: number | undefined): string {
  const name = exitCode === undefined ? undefined : SIGNALS[exitCode];
  return name ? ` (${name})` : "";
}
