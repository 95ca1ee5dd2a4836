import type { JobStatus, UnitStatus } from "@juliarun/sdk";

/** Why something is in its phase, in a word; empty where the phase says it all. */
export function renderReason({
  reason,
  exitCode,
}: Pick<JobStatus | UnitStatus, "reason" | "exitCode">): string {
  if (reason === "Running" || reason === "Succeeded" || reason === "Starting") return "";
  return reason === "ExitCode" && exitCode !== undefined ? `ExitCode ${exitCode}` : reason;
}
