import type { JobRecord } from "../record/job-record.ts";

/**
 * The circle that a job would close by waiting for others that wait for it, as it does when it replaces a job that they wait for:
 * its name first and last. Undefined where there is none. Pure.
 * @param find - a job that is there now, by its name.
 */
export function dependencyCircle(
  name: string,
  after: readonly string[],
  find: (name: string) => JobRecord | undefined,
): readonly string[] | undefined {
  const seen = new Set<string>();
  const visit = (job: string, path: readonly string[]): readonly string[] | undefined => {
    if (job === name) return [...path, job];
    if (seen.has(job)) return undefined;
    seen.add(job);
    const record = find(job);
    // What has ended waits for nothing.
    if (!record || record.outcome) return undefined;
    for (const next of record.plan.after) {
      const circle = visit(next, [...path, job]);
      if (circle) return circle;
    }
    return undefined;
  };
  for (const job of after) {
    const circle = visit(job, [name]);
    if (circle) return circle;
  }
  return undefined;
}
