import type { SubmitOptions, SubmitResult } from "../backend/cluster-backend.ts";
import { ManagerError, isManagerError } from "../errors/manager-error.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { reconcile } from "../reconcile/reconcile.ts";
import type { JobRecord, NewJobRecord } from "../record/job-record.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { specHash } from "../spec/spec-hash.ts";
import { throwIfAborted } from "./abortable.ts";
import { deleteJob } from "./delete-job.ts";
import { viewRecord, viewRecords } from "./job-views.ts";
import { newRecord } from "./new-record.ts";
import { refusalOf, refuseImpossible } from "./refuse-impossible.ts";
import type { UnitCluster } from "./unit-cluster.ts";

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

async function claim(cluster: UnitCluster, record: NewJobRecord): Promise<JobRecord | undefined> {
  try {
    return await cluster.parts.store.create(record, refusalOf(cluster, record));
  } catch (error) {
    if (isManagerError(error, "STATE_CONFLICT")) return undefined;
    throw error;
  }
}
