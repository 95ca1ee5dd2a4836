import { ManagerError } from "../errors/manager-error.ts";
import { quotaExcess, type Quota } from "../reconcile/quota.ts";
import type { JobRecord, NewJobRecord } from "../record/job-record.ts";

/** @throws ManagerError QUOTA_EXCEEDED when a job, new or scaled, is too much beside these others. */
export function refuseOverQuota(
  quota: Quota,
  job: Pick<NewJobRecord, "namespace" | "name" | "plan" | "requestedWorkers">,
  others: readonly JobRecord[],
): void {
  const excess = quotaExcess(quota, job, others);
  if (excess === undefined) return;
  const { namespace, name } = job;
  throw new ManagerError(
    "QUOTA_EXCEEDED",
    `Job ${name} is too much for the quota of namespace ${namespace}: ${excess}.`,
    { details: { name, namespace } },
  );
}
