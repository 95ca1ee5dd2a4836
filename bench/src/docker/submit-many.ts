import { setTimeout as delay } from "node:timers/promises";
import { toFigure, type Figure } from "../figure.ts";
import { interleave } from "../interleave.ts";
import type { Stage } from "./stage.ts";

/** Both sides begin from rest. */
const REST_MS = 500;

/** What one burst took. */
interface Burst {
  /** Until the last one ran. */
  readonly wallMs: number;
  /** Of the times that each one took. */
  readonly sumMs: number;
}

/** Many jobs at once, beside as many containers that are created and started at once. */
export async function submitMany(
  { cluster, jobs, twins, onPair }: Stage,
  count: number,
  pairs: number,
): Promise<Figure[]> {
  const { context } = cluster;
  const numbers = Array.from({ length: count }, (_, number) => number);
  const bursts: { ours: Burst[]; raw: Burst[] } = { ours: [], raw: [] };
  const warmUps = 1;
  await interleave({
    pairs,
    warmUps,
    onPair,
    async ours(index) {
      const names = numbers.map((number) => `many-${index}-${number}`);
      await delay(REST_MS);
      const burst = await measure(names, async (name) => {
        const running = jobs.running(name);
        await context.submit(cluster.job(name, "sleep"));
        const returned = performance.now();
        return Math.max(await running, returned);
      });
      if (index >= warmUps) bursts.ours.push(burst);
      await Promise.all(names.map(async (name) => context.delete(name, { force: true })));
      return burst.wallMs;
    },
    async raw(index) {
      const names = numbers.map((number) => `raw-${index}-${number}`);
      const remove: (() => Promise<unknown>)[] = [];
      await delay(REST_MS);
      const burst = await measure(names, async (name) => {
        const container = await twins.start(name);
        remove.push(async () => container.remove({ force: true, v: true }));
        return performance.now();
      });
      if (index >= warmUps) bursts.raw.push(burst);
      await Promise.all(remove.map(async (each) => each()));
      return burst.wallMs;
    },
  });
  const goal = { of: "ratio", comparison: "at most", limit: 1 } as const;
  const figure = (what: string, of: (burst: Burst) => number): Figure =>
    toFigure({ what, unit: "ms", goal }, { ours: bursts.ours.map(of), raw: bursts.raw.map(of) });
  return [
    figure(
      `submit to running, ${count} jobs at once: until the last one runs`,
      (each) => each.wallMs,
    ),
    figure("the same: mean of the jobs", (each) => each.sumMs / count),
  ];
}

async function measure(
  names: readonly string[],
  run: (name: string) => Promise<number>,
): Promise<Burst> {
  const begin = performance.now();
  const times = await Promise.all(names.map(async (name) => (await run(name)) - begin));
  return { wallMs: Math.max(...times), sumMs: times.reduce((sum, time) => sum + time, 0) };
}
