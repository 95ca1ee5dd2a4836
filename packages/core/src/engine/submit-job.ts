import { randomBytes, randomUUID } from "node:crypto";
import type { SubmitOptions, SubmitResult } from "../backend/cluster-backend.ts";
import { ManagerError, isManagerError } from "../errors/manager-error.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { checkDisksFree, hasSingleDisk } from "../plan/single-disk.ts";
import { neverFits } from "../reconcile/admission.ts";
import { dependencyCircle } from "../reconcile/dependency-circle.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import { hostPorts, takenPort } from "../reconcile/taken-port.ts";
import type { JobRecord, NewJobRecord } from "../record/job-record.ts";
import type { RefuseRecord } from "../record/record-store.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { specHash } from "../spec/spec-hash.ts";
import { throwIfAborted } from "./abortable.ts";
import { deleteJob } from "./delete-job.ts";
import { viewRecord, viewRecords } from "./job-views.ts";
import { refuseOverQuota } from "./refuse-over-quota.ts";
import type { UnitCluster } from "./unit-cluster.ts";

type NewJob = Pick<NewJobRecord, "namespace" | "name" | "plan">;

/** See `ClusterBackend.submit`. Everything that can be refused is refused before the name is claimed. */
export async function submitJob(
  cluster: UnitCluster,
  namespace: string,
  spec: JobSpec,
  plan: JobPlan,
  options: SubmitOptions,
): Promise<SubmitResult> {
  const { store, engine } = cluster.parts;
  const hash = specHash(spec);
  for (;;) {
    throwIfAborted(options.signal);
    const existing = await store.get(namespace, spec.name);
    if (existing && !options.replace) {
      const job = await sameJob(cluster, existing, hash, options.signal);
      if (job) return { job, created: false };
      continue;
    }
    const job = { namespace, name: spec.name, plan };
    await refuseImpossible(cluster, job, options.signal);
    await engine.prepare(plan, options.onProgress, options.signal);
    if (existing)
      await deleteJob(
        cluster,
        namespace,
        spec.name,
        { force: options.force ?? false, verb: "replace" },
        options.signal,
      );
    throwIfAborted(options.signal);
    const record = await claim(cluster, newRecord(namespace, spec, plan, hash, cluster.now()));
    // Somebody else was quicker: their job is judged like any that was there before.
    if (!record) continue;
    if (engine.apply) await startNow(cluster, record);
    cluster.actor.start();
    cluster.actor.request();
    await cluster.parts.ensureAgent?.();
    return { job: await viewClaimed(cluster, record), created: true };
  }
}

/**
 * An engine with controllers starts the job without an actor. What it refuses for good leaves nothing behind; what it could
 * not be asked is left to the actor.
 */
async function startNow(cluster: UnitCluster, record: JobRecord): Promise<void> {
  if (record.plan.after.length > 0) return;
  const { engine, store } = cluster.parts;
  const dependencies = { kind: "ready" } as const;
  const { actions } = reconcile({ record, units: [], dependencies, now: cluster.now() });
  if (actions.length === 0) return;
  try {
    await cluster.actor.applyNow(record, actions);
  } catch (error) {
    if (!isManagerError(error) || error.retryable) return;
    await engine.cleanup(record);
    await store.remove(record);
    throw error;
  }
}

/** The name is claimed: that the engine is lost now, or the job deleted, is no failure of the submit. */
async function viewClaimed(cluster: UnitCluster, record: JobRecord): Promise<SubmitResult["job"]> {
  // Nobody has looked yet, and a look costs more than the whole submit where there are many jobs.
  if (cluster.parts.engine.apply) return viewRecord(record, cluster.now());
  try {
    const [job] = await viewRecords(cluster, [record]);
    if (job) return job;
  } catch {
    // Told by the next call.
  }
  return viewRecord(record, cluster.now());
}

/** Undefined when it was deleted meanwhile. */
async function sameJob(
  cluster: UnitCluster,
  existing: JobRecord,
  hash: string,
  signal?: AbortSignal,
): Promise<SubmitResult["job"] | undefined> {
  const { name, namespace } = existing;
  if (existing.deletionRequestedAt !== undefined) {
    throw new ManagerError(
      "JOB_BEING_DELETED",
      `Job ${name} in namespace ${namespace} is being deleted.`,
      { details: { name, namespace } },
    );
  }
  if (existing.hash !== hash) {
    throw new ManagerError(
      "JOB_EXISTS",
      `A job ${name} with other parameters exists in namespace ${namespace}.`,
      { details: { name, namespace } },
    );
  }
  // It may have been claimed by a process that was killed before it could act.
  cluster.actor.start();
  if (!existing.outcome) await cluster.parts.ensureAgent?.();
  const [job] = await viewRecords(cluster, [existing], undefined, signal);
  return job;
}

async function refuseImpossible(
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
function refusalOf(
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

async function claim(cluster: UnitCluster, record: NewJobRecord): Promise<JobRecord | undefined> {
  try {
    return await cluster.parts.store.create(record, refusalOf(cluster, record));
  } catch (error) {
    if (isManagerError(error, "STATE_CONFLICT")) return undefined;
    throw error;
  }
}

function workersOf({ groups }: JobPlan): number {
  return groups.find((group) => group.role === "worker")?.replicas ?? 0;
}

function newRecord(
  namespace: string,
  spec: JobSpec,
  plan: JobPlan,
  hash: string,
  now: number,
): NewJobRecord {
  const secrets = new Set(plan.groups.flatMap((group) => group.container.secrets));
  return {
    namespace,
    name: spec.name,
    uid: randomUUID(),
    createdAt: now,
    spec,
    hash,
    plan,
    requestedWorkers: workersOf(plan),
    units: {},
    // ASCII, 16 characters: Julia's limit for a cluster cookie.
    secrets: Object.fromEntries([...secrets].map((name) => [name, randomBytes(8).toString("hex")])),
  };
}
