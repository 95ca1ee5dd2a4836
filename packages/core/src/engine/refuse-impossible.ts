import { ManagerError } from "../errors/manager-error.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { checkDisksFree, hasSingleDisk } from "../plan/single-disk.ts";
import { neverFits } from "../reconcile/admission.ts";
import { dependencyCircle } from "../reconcile/dependency-circle.ts";
import { hostPorts, takenPort } from "../reconcile/taken-port.ts";
import type { JobRecord, NewJobRecord } from "../record/job-record.ts";
import type { RefuseRecord } from "../record/record-store.ts";
import { workersOf } from "./new-record.ts";
import { refuseOverQuota } from "./refuse-over-quota.ts";
import type { UnitCluster } from "./unit-cluster.ts";

/** A job that is to be, or a service's next state. */
type NewJob = Pick<NewJobRecord, "namespace" | "name" | "plan">;

/** @throws ManagerError for what no node has, a dependency that does not exist or leads back, a taken port, and a full quota. */
export async function refuseImpossible(
  cluster: UnitCluster,
  job: NewJob,
  signal?: AbortSignal,
): Promise<void> {
  const { plan } = job;
  const impossible = neverFits(
    plan.groups,
    plan.minWorkers,
    await cluster.largestNode(signal),
    await cluster.total(signal),
  );
  if (impossible !== undefined) throw new ManagerError("NEVER_FITS", impossible);
  await refuseDependencies(cluster, job);
  // Once more when the name is claimed: but before a job is replaced.
  const refuse = refusalOf(cluster, { ...job, requestedWorkers: workersOf(plan) });
  refuse?.(await cluster.parts.store.list({ active: true }));
}

async function refuseDependencies(
  cluster: UnitCluster,
  { namespace, name, plan: { after } }: NewJob,
): Promise<void> {
  if (after.length === 0) return;
  const { store } = cluster.parts;
  for (const other of after) {
    if (await store.get(namespace, other)) continue;
    throw badDependency(
      other,
      `there is no job ${other} in namespace ${namespace}.`,
      "Submit that job first, or correct its name.",
    );
  }
  const records = await store.list({ namespace, active: true });
  const byName = new Map(records.map((record) => [record.name, record]));
  const circle = dependencyCircle(name, after, (each) => byName.get(each));
  if (!circle) return;
  throw badDependency(
    after.join(", "),
    `jobs would wait for each other in a circle: ${circle.join(" after ")}.`,
    "Leave out one of these dependencies.",
  );
}

function badDependency(value: string, problem: string, hint: string): ManagerError {
  const details = { parameter: "after", value };
  return new ManagerError("SPEC_INVALID", `Parameter after: ${problem}`, { hint, details });
}

/** What refuses a job for what others have; undefined where nothing does. */
export function refusalOf(
  cluster: UnitCluster,
  job: NewJob & Pick<NewJobRecord, "requestedWorkers">,
): RefuseRecord | undefined {
  const ports = claimsHostPorts(cluster, job.plan);
  const quota = cluster.quotaOf(job.namespace);
  const disks = hasSingleDisk(job.plan);
  if (!ports && !quota && !disks) return undefined;
  return (others) => {
    if (disks) checkDisksFree(job, others);
    if (ports) refuseTakenPorts(job, others);
    if (quota) refuseOverQuota(quota, job, others);
  };
}

function claimsHostPorts({ parts }: UnitCluster, plan: JobPlan): boolean {
  return parts.engine.sharesHostPorts === true && hostPorts(plan).length > 0;
}

function refuseTakenPorts(job: NewJob, others: readonly JobRecord[]): void {
  const taken = takenPort(job, others);
  if (!taken) return;
  const { port, holder } = taken;
  throw new ManagerError(
    "PORT_TAKEN",
    `Port ${port} of the host is that of job ${holder.name} in namespace ${holder.namespace}, which has not ended.`,
    {
      details: { port, name: holder.name, namespace: holder.namespace },
      hint: `Choose another service port, wait for job ${holder.name} to end, or have this job wait by \`after\`.`,
    },
  );
}
