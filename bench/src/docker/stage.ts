import type { BenchCluster } from "./bench-cluster.ts";
import { RawTwins } from "./raw-twin.ts";
import type { RunningJobs } from "../running-jobs.ts";

/** What measurements work with. */
export interface Stage {
  readonly cluster: BenchCluster;
  readonly jobs: RunningJobs;
  readonly twins: RawTwins;
  readonly onPair: (done: number, pairs: number) => void;
}

const MODEL = "model";

/** Runs one job as the model of all raw containers; from then on all caches are filled. */
export async function prepareTwins(cluster: BenchCluster, jobs: RunningJobs): Promise<RawTwins> {
  const { context, docker } = cluster;
  const running = jobs.running(MODEL);
  await context.submit(cluster.job(MODEL, "sleep"));
  await running;
  const container = await cluster.containerOf(MODEL);
  const twins = new RawTwins(docker, await container.inspect(), MODEL);
  await context.delete(MODEL, { force: true });
  return twins;
}
