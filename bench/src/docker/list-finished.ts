import { join } from "node:path";
import type { Context } from "@juliarun/core";
import { toFigure, type Figure, type Goal } from "../figure.ts";
import { interleave } from "../interleave.ts";
import { CountingProxy } from "./counting-proxy.ts";
import type { Stage } from "./stage.ts";

const AT_ONCE = 16;
const ONE_RUNS = "one-runs";
const GOAL_MS: Goal = { of: "ours", comparison: "at most", limit: 100 };
/** However many jobs there are. */
const GOAL_CALLS: Goal = { of: "ours", comparison: "at most", limit: 2 };

/**
 * Lists of many finished jobs: alone, when no engine has to be asked, and with one that runs. Beside the engine's own list of
 * their containers.
 */
export async function listFinished(
  stage: Stage,
  count: number,
  measurements: number,
): Promise<Figure[]> {
  const { cluster } = stage;
  const proxy = await CountingProxy.open(join(cluster.folder, "proxy.sock"), cluster.socketPath);
  try {
    const counted = await cluster.through(proxy.socketPath);
    const finished = await measure(stage, `${count} finished jobs`, counted, proxy, measurements);
    const running = stage.jobs.running(ONE_RUNS);
    await cluster.context.submit(cluster.job(ONE_RUNS, "sleep"));
    await running;
    const what = `${count} finished jobs and a running one`;
    const mixed = await measure(stage, what, counted, proxy, measurements);
    await cluster.context.delete(ONE_RUNS, { force: true });
    return [...finished, ...mixed];
  } finally {
    await cluster.closeExtra();
    await proxy.close();
  }
}

/** Runs so many jobs to their end. */
export async function finishJobs({ cluster, jobs, onPair }: Stage, count: number): Promise<void> {
  for (let first = 0; first < count; first += AT_ONCE) {
    const names = Array.from(
      { length: Math.min(AT_ONCE, count - first) },
      (_, place) => `end-${first + place}`,
    );
    await Promise.all(
      names.map(async (name) => {
        const finished = jobs.finished(name);
        await cluster.context.submit(cluster.job(name, "end"));
        await finished;
      }),
    );
    onPair(Math.min(first + AT_ONCE, count), count);
  }
}

async function measure(
  { cluster, onPair }: Stage,
  what: string,
  counted: Context,
  proxy: CountingProxy,
  measurements: number,
): Promise<Figure[]> {
  const { context, docker } = cluster;
  const times = await interleave({
    pairs: measurements,
    onPair,
    ours: async () => timed(async () => context.list()),
    raw: async () =>
      timed(async () =>
        docker.listContainers({
          all: true,
          filters: { label: [`juliarun.namespace=${cluster.namespace}`] },
        }),
      ),
  });
  await counted.list();
  const calls = (await proxy.during(async () => counted.list())).length;
  return [
    toFigure({ what: `list of ${what}`, unit: "ms", goal: GOAL_MS }, times),
    {
      what: "the same: engine calls",
      unit: "calls",
      ours: calls,
      raw: 1,
      measurements: 1,
      goal: GOAL_CALLS,
    },
  ];
}

async function timed(work: () => Promise<readonly unknown[]>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
