import type { JobFilter } from "../backend/cluster-backend.ts";
import type { Job } from "../backend/job.ts";
import { labelsOf } from "../spec/spec-labels.ts";

/** Whether a job passes all parts of a filter. */
export function matches(job: Job, filter: JobFilter): boolean {
  if (filter.name !== undefined && job.name !== filter.name) return false;
  if (filter.type !== undefined && job.type !== filter.type) return false;
  if (filter.phases && !filter.phases.includes(job.status.phase)) return false;
  const labels = labelsOf(job.spec);
  return Object.entries(filter.labels ?? {}).every(([key, value]) => labels[key] === value);
}
