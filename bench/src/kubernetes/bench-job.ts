import {
  juliaBatch,
  juliaParBatchWorkers,
  placedFile,
  type Context,
  type JobPlan,
  type JobSpec,
} from "@juliarun/core";
import { ENDS } from "./stages.ts";

/** A job as a backend takes it. */
export interface BenchJob {
  readonly spec: JobSpec;
  readonly plan: JobPlan;
}

/** Which job to make. */
export interface BenchJobOptions {
  readonly name: string;
  /** Runs on simulated nodes, where nothing else runs. */
  readonly simulated?: boolean;
  /** Ends at once; on simulated nodes only. */
  readonly ends?: boolean;
  /** Workers without a master, instead of one unit. */
  readonly workers?: number;
}

/** Name of the run volume. */
export const VOLUME = "bench";

/** What the jobs run, in place of Julia: what is measured is the manager. */
const SCRIPT = placedFile("sleep.sh", "exec sleep 3600\n");

/** A job with all that a job can have: placed file, runtime, volume, and a secret. */
export function benchJob(context: Context, options: BenchJobOptions): BenchJob {
  const { name, simulated = false, ends = false, workers } = options;
  const common = {
    name,
    startScript: SCRIPT.name,
    runVolume: VOLUME,
    files: [SCRIPT],
    // Small, so that thousands fit at once.
    cpu: 0.005,
    memory: "24Mi",
    gpu: simulated ? 1 : 0,
    args: ends ? [ENDS] : [],
  };
  const { spec, plan } = context.plan(
    workers === undefined
      ? juliaBatch(common)
      : juliaParBatchWorkers({ ...common, nworkers: workers }),
  );
  const groups = plan.groups.map((group) => ({
    ...group,
    container: { ...group.container, secrets: ["cookie"] },
  }));
  return { spec, plan: { ...plan, groups } };
}
