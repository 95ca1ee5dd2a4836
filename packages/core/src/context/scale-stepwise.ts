import type { ClusterBackend } from "../backend/cluster-backend.ts";
import type { Job } from "../backend/job.ts";
import { ManagerError } from "../errors/manager-error.ts";
import { isFinal, type JobStatus } from "../status/job-status.ts";
import { watchJob } from "./watch-job.ts";

/** Number of workers of a job (manual: `scale(ctx, job)`). */
export interface JobScale {
  readonly running: number;
  readonly requested: number;
}

/** What a step of a scaling led to. */
export interface ScaleStep extends JobScale {
  /** Number of the step, from 1, and of all steps. */
  readonly step: number;
  readonly steps: number;
}

/** How to scale. */
export interface ScaleOptions {
  /** Called after each step that is satisfied. */
  readonly onStep?: (step: ScaleStep) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The scale that a status tells. */
export function toScale(status: JobStatus): JobScale {
  return { running: status.nworkersRunning, requested: status.parallelism };
}

/**
 * Asks for each number of workers in turn, and for the next one only when the one before is satisfied.
 * @throws ManagerError STATE_CONFLICT when a step can no longer be satisfied: the job ended, a worker failed for good,
 * somebody else scaled it. Errors of `ClusterBackend.scale` else.
 */
export async function scaleStepwise(
  backend: ClusterBackend,
  name: string,
  steps: readonly number[],
  options: ScaleOptions = {},
): Promise<JobScale> {
  let scale: JobScale = { running: 0, requested: 0 };
  for (const [index, workers] of steps.entries()) {
    await backend.scale(name, workers, options.signal);
    scale = await watchJob(backend, {
      name,
      doing: `scaling job ${name} to ${workers}`,
      until: (job) => satisfied(job, workers),
      signal: options.signal,
    });
    options.onStep?.({ ...scale, step: index + 1, steps: steps.length });
  }
  return scale;
}

/** The scale once it is reached: workers that succeeded already count, as they were started. */
function satisfied({ name, status }: Job, workers: number): JobScale | undefined {
  const conflict = (why: string): ManagerError =>
    new ManagerError("STATE_CONFLICT", `Job ${name} cannot be scaled to ${workers}: ${why}`, {
      hint: `See \`jrun status ${name}\`.`,
      details: { name, workers, phase: status.phase },
    });
  const started = status.nworkersRunning + status.nworkersSucceeded;
  if (status.parallelism === workers && started >= workers && status.nworkersRunning <= workers)
    return toScale(status);
  if (isFinal(status)) throw conflict(`it has ended (${status.phase}). ${status.message}`);
  if (status.phase === "deleting") throw conflict("it is being deleted.");
  if (status.parallelism !== workers)
    throw conflict(`somebody else asked for ${status.parallelism} workers meanwhile.`);
  const broken = status.units.find(
    (unit) => unit.role === "worker" && (unit.phase === "failed" || unit.phase === "lost"),
  );
  if (broken) throw conflict(`${broken.name} will not run. ${broken.message}`);
  return undefined;
}
