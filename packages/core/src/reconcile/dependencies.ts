import type { JobRecord } from "../record/job-record.ts";

/** Whether a job may start as far as the jobs in its `after` are concerned. */
export type DependencyState =
  | { readonly kind: "ready"; readonly met?: readonly string[] }
  | {
      readonly kind: "waiting";
      readonly job: string;
      /** Jobs that have succeeded: to be noted, as they may be deleted before the others have. */
      readonly met?: readonly string[];
    }
  | { readonly kind: "failed"; readonly job: string; readonly message: string };

/** Judges `plan.after`. A job that has started once no longer depends on anything. Pure. */
export function dependencyState(
  record: JobRecord,
  find: (name: string) => JobRecord | undefined,
): DependencyState {
  if (record.plan.after.length === 0) return { kind: "ready" };
  const started = Object.values(record.units).some((unit) => unit.startedAt !== undefined);
  if (started) return { kind: "ready" };
  const met = record.plan.after.filter(
    (job) => record.metDependencies?.includes(job) || find(job)?.outcome?.phase === "succeeded",
  );
  let waiting: string | undefined;
  for (const job of record.plan.after) {
    if (met.includes(job)) continue;
    const other = find(job);
    if (!other || other.deletionRequestedAt !== undefined)
      return { kind: "failed", job, message: `Job ${job}, which it waits for, is gone.` };
    if (other.outcome) {
      const end = other.outcome.phase === "lost" ? "was lost" : "failed";
      return { kind: "failed", job, message: `Job ${job}, which it waits for, ${end}.` };
    }
    waiting ??= job;
  }
  const noted = met.length > 0 ? { met } : {};
  return waiting === undefined
    ? { kind: "ready", ...noted }
    : { kind: "waiting", job: waiting, ...noted };
}
