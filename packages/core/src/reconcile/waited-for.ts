import type { JobRecord } from "../record/job-record.ts";

/** Names of the jobs of its namespace that a job waits for, and of those that these wait for. Pure. */
export function waitedFor(
  job: Pick<JobRecord, "namespace" | "plan">,
  others: readonly JobRecord[],
): ReadonlySet<string> {
  const byName = new Map(
    others
      .filter(({ namespace }) => namespace === job.namespace)
      .map((other) => [other.name, other]),
  );
  const names = new Set<string>(job.plan.after);
  // A set also visits what is added on the way.
  for (const name of names) for (const next of byName.get(name)?.plan.after ?? []) names.add(next);
  return names;
}
