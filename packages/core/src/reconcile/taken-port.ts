import type { JobPlan } from "../plan/job-plan.ts";
import type { JobRecord } from "../record/job-record.ts";
import { waitedFor } from "./waited-for.ts";

/** A port of the host that another job has, or will have when its turn comes. */
export interface TakenPort {
  readonly port: number;
  readonly holder: JobRecord;
}

/** The ports of the host that a job takes, on an engine where external ports are those: its service ports. Pure. */
export function hostPorts({ external, groups }: JobPlan): number[] {
  if (!external) return [];
  return groups.flatMap(({ container }) => container.ports.map(({ servicePort }) => servicePort));
}

/**
 * The first port of a job that an unfinished one has, be it queued. Jobs that it waits for do not count, as they have ended by then;
 * neither do those that are being deleted. Pure.
 */
export function takenPort(
  job: Pick<JobRecord, "namespace" | "name" | "plan">,
  others: readonly JobRecord[],
): TakenPort | undefined {
  const ports = hostPorts(job.plan);
  if (ports.length === 0) return undefined;
  const earlier = waitedFor(job, others);
  for (const holder of others) {
    const { outcome, deletionRequestedAt, plan, namespace, name } = holder;
    if (outcome || deletionRequestedAt !== undefined) continue;
    if (namespace === job.namespace && (name === job.name || earlier.has(name))) continue;
    const port = hostPorts(plan).find((each) => ports.includes(each));
    if (port !== undefined) return { port, holder };
  }
  return undefined;
}
