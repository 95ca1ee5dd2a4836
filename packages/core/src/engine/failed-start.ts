import type { ErrorCode } from "../errors/error-table.ts";
import type { ManagerError } from "../errors/manager-error.ts";
import { unitName, type UnitId } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import { REASONS, type ReasonCode } from "../status/reason.ts";

const REASON_OF: Partial<Record<ErrorCode, ReasonCode>> = {
  IMAGE_NOT_FOUND: "ImageNotFound",
  VOLUME_NOT_FOUND: "VolumeUnavailable",
  NEVER_FITS: "NeverFits",
  QUOTA_EXCEEDED: "QuotaExceeded",
};

/** The record of a job one of whose units the engine refused to create; undefined when that no longer matters. Pure. */
export function failedStart(
  record: JobRecord,
  unit: UnitId,
  attempt: number,
  error: ManagerError,
  now: number,
): JobRecord | undefined {
  const name = unitName(unit);
  const kept = record.units[name] ?? { attempt, priorRestarts: 0 };
  if (record.outcome || kept.final || kept.attempt !== attempt) return undefined;
  const final = {
    result: "failed" as const,
    reason: reasonOf(error),
    message: error.message,
    restarts: kept.priorRestarts,
    finishedAt: now,
  };
  return { ...record, units: { ...record.units, [name]: { ...kept, final } } };
}

/** An engine that knows more than its error's code says names the reason in the error's details. */
function reasonOf({ code, details }: ManagerError): ReasonCode {
  const told = details["reason"];
  const known = Object.keys(REASONS) as ReasonCode[];
  return known.find((reason) => reason === told) ?? REASON_OF[code] ?? "StartFailed";
}
