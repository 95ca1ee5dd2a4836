import { ManagerError } from "../errors/manager-error.ts";
import type { JobRecord } from "../record/job-record.ts";
import { updateRecord } from "../record/record-store.ts";
import { neverFits } from "../reconcile/admission.ts";
import { MAX_WORKERS } from "../spec/max-workers.ts";
import { isFinal } from "../status/job-status.ts";
import { throwIfAborted } from "./abortable.ts";
import { notFound } from "./not-found.ts";
import { viewRecords } from "./job-views.ts";
import { finished, refuseDeleted, refuseFinished } from "./refuse-change.ts";
import { refuseOverQuota } from "./refuse-over-quota.ts";
import type { UnitCluster } from "./unit-cluster.ts";

/** See `ClusterBackend.scale`. */
export async function scaleJob(
  cluster: UnitCluster,
  namespace: string,
  name: string,
  workers: number,
  signal?: AbortSignal,
): Promise<void> {
  throwIfAborted(signal);
  if (!Number.isInteger(workers) || workers < 0 || workers > MAX_WORKERS) {
    throw new ManagerError(
      "SPEC_INVALID",
      `Cannot scale job ${name} to ${workers} workers: give a whole number from 0 to ${MAX_WORKERS}.`,
      {
        hint: "Give a number of workers within these limits.",
      },
    );
  }
  const record = await cluster.parts.store.get(namespace, name);
  if (!record) throw notFound(namespace, name);
  await refuseUnscalable(cluster, record, signal);
  const quota = cluster.quotaOf(namespace);
  // Fewer workers are never too many.
  const refuse =
    quota && workers > record.requestedWorkers
      ? (next: JobRecord, others: readonly JobRecord[]) => refuseOverQuota(quota, next, others)
      : undefined;
  const change = (current: JobRecord): JobRecord | undefined => {
    refuseDeleted(current);
    refuseFinished(current, "scale");
    return current.requestedWorkers === workers
      ? undefined
      : { ...current, requestedWorkers: workers };
  };
  const changed = await updateRecord(cluster.parts.store, record, change, refuse);
  if (!changed) throw notFound(namespace, name);
  cluster.actor.start();
  cluster.actor.request();
  await cluster.parts.ensureAgent?.();
}

async function refuseUnscalable(
  cluster: UnitCluster,
  record: JobRecord,
  signal?: AbortSignal,
): Promise<void> {
  const { name } = record;
  refuseDeleted(record);
  const workerGroup = record.plan.groups.find((group) => group.role === "worker");
  if (!workerGroup) {
    throw new ManagerError(
      "SPEC_INVALID",
      `Cannot scale job ${name}: a ${record.spec.type} has no workers.`,
      {
        hint: "Submit a job type with workers, such as JuliaParBatch.",
      },
    );
  }
  const impossible = neverFits(
    [workerGroup],
    0,
    await cluster.largestNode(signal),
    await cluster.total(signal),
  );
  if (impossible !== undefined) throw new ManagerError("NEVER_FITS", impossible);
  const [job] = await viewRecords(cluster, [record], undefined, signal);
  if (job && isFinal(job.status)) throw finished(name, job.status.phase, "scale");
}
