import { ManagerError } from "../errors/manager-error.ts";
import type { JobRecord } from "../record/job-record.ts";

/** @throws ManagerError JOB_BEING_DELETED for a job that is marked for deletion. */
export function refuseDeleted({ name, namespace, deletionRequestedAt }: JobRecord): void {
  if (deletionRequestedAt === undefined) return;
  throw new ManagerError(
    "JOB_BEING_DELETED",
    `Job ${name} in namespace ${namespace} is being deleted.`,
    { details: { name, namespace } },
  );
}

/**
 * @param verb - what cannot be done, such as `scale`.
 * @throws ManagerError STATE_CONFLICT for a job that has ended.
 */
export function refuseFinished({ name, outcome }: JobRecord, verb: string): void {
  if (outcome) throw finished(name, outcome.phase, verb);
}

/** STATE_CONFLICT: the job has ended. */
export function finished(name: string, phase: string, verb: string): ManagerError {
  return new ManagerError(
    "STATE_CONFLICT",
    `Cannot ${verb} job ${name}: it is finished (${phase}).`,
    { hint: "Submit it again with --replace.", details: { name, phase } },
  );
}
