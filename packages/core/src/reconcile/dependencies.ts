import type { JobRecord } from "../record/job-record.ts";

/** Whether a job may start as far as the jobs in its `after` are concerned. */
export type DependencyState =
  | { readonly kind: "ready" }
  | { readonly kind: "waiting"; readonly job: string }
  | { readonly kind: "failed"; readonly job: string; readonly message: string };

/** Judges `plan.after`. A job that has started once no longer depends on anything. Pure. */
export function dependencyState(
  record: JobRecord,
  find: (name: string) => JobRecord | undefined,
): DependencyState {
  const started = Object.values(record.units).some((unit) => unit.startedAt !== undefined);
  if (started) return { kind: "ready" };
  let waiting: DependencyState | undefined;
  for (const job of record.plan.after) {
    const other = find(job);
    if (!other || other.deletionRequestedAt !== undefined)
      return { kind: "failed", job, message: `Job ${job}, which it waits for, is gone.` };
    if (!other.outcome) waiting ??= { kind: "waiting", job };
    else if (other.outcome.phase !== "succeeded") {
      return {
        kind: "failed",
        job,
        message: `Job ${job}, which it waits for, ${other.outcome.phase === "lost" ? "was lost" : "failed"}.`,
      };
    }
  }
  return waiting ?? { kind: "ready" };
}
