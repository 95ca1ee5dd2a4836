import type { ClusterBackend } from "../backend/cluster-backend.ts";
import type { Job } from "../backend/job.ts";
import { ManagerError } from "../errors/manager-error.ts";
import { cancelled } from "./cancelled.ts";

/** What to watch a job for. */
export interface WatchJobOptions<Result> {
  readonly name: string;
  /** What is done meanwhile, for messages: `waiting for job hello`. */
  readonly doing: string;
  /** Ends the watch with its result, unless that is undefined. */
  readonly until: (job: Job) => Result | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Watches one submit of a job until something holds for it; survives disconnects of the engine.
 * @throws ManagerError JOB_NOT_FOUND when there is no such job, or it is deleted or replaced meanwhile;
 * CANCELLED or TIMED_OUT when the signal aborts.
 */
export async function watchJob<Result>(
  backend: ClusterBackend,
  options: WatchJobOptions<Result>,
): Promise<Result> {
  const { name, doing, until, signal } = options;
  if (signal?.aborted) throw cancelled(signal, doing);
  let uid: string | undefined;
  const gone = (): ManagerError =>
    uid === undefined
      ? new ManagerError(
          "JOB_NOT_FOUND",
          `There is no job ${JSON.stringify(name)} in namespace ${backend.namespace}.`,
        )
      : new ManagerError("JOB_NOT_FOUND", `Job ${name} was deleted by somebody while ${doing}.`);

  for await (const event of backend.watch({ name }, signal)) {
    if (event.type === "disconnected") continue;
    if (event.type === "deleted") {
      if (event.name === name && (uid === undefined || event.uid === uid)) throw gone();
      continue;
    }
    const job =
      event.type === "changed" ? event.job : event.jobs.find((each) => each.name === name);
    if (!job || (uid !== undefined && job.uid !== uid)) throw gone();
    if (job.name !== name) continue;
    uid = job.uid;
    const result = until(job);
    if (result !== undefined) return result;
  }
  if (signal?.aborted) throw cancelled(signal, doing);
  throw new ManagerError(
    "INTERNAL",
    `The backend stopped telling about job ${name} while ${doing}.`,
  );
}
