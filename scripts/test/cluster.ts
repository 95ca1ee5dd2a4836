import type Docker from "dockerode";
import { ensureCluster, prepareNodeImage } from "../cluster/index.ts";
import { Problem } from "../progress/problem.ts";
import { lineProgress, type Progress } from "../progress/progress.ts";
import { checkResult, type Result } from "./result.ts";

/**
 * Starts on what takes long of the cluster for tests (its node image) as soon as there is a Docker Engine. The function that
 * is returned makes the cluster.
 */
export function startCluster(docker: Promise<Docker>): () => Promise<Result> {
  const progress = lineProgress(process.stdout, "[cluster] ");
  const prepared = prepare(docker, progress);
  // Its failure is told when the cluster is wanted.
  prepared.catch(() => {});
  return async () => {
    const startedMs = Date.now();
    try {
      await prepared;
      await ensureCluster({ docker: await docker }, progress);
      return checkResult("cluster", true, startedMs);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      progress.say(error.message);
      const skipped = [`every test on Kubernetes: ${error.message}`];
      return { name: "cluster", passed: 0, failed: 0, skipped, durationMs: Date.now() - startedMs };
    }
  };
}

async function prepare(docker: Promise<Docker>, progress: Progress): Promise<void> {
  const engine = await docker;
  if (!process.env["JRUN_TEST_KUBECONFIG"]) await prepareNodeImage(engine, progress);
}
