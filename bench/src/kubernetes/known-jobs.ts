import { setTimeout as delay } from "node:timers/promises";
import type { Figure } from "../figure.ts";
import { median, quantile } from "../median.ts";
import { atOnce } from "./at-once.ts";
import { countCalls } from "./call-counter.ts";
import type { OurNamespace } from "./our-namespace.ts";
import type { Stage } from "./side-by-side.ts";

const AT_ONCE = 20;
const PAGE = 100;
/** The last events have been seen. */
const REST_MS = 5000;
const GOAL_MS = { of: "ours", comparison: "at most", limit: 20 } as const;
const NO_CALL = { of: "ours", comparison: "at most", limit: 0 } as const;

/** Lists and status of many jobs that run on simulated nodes, in a process that watches them. */
export async function knownJobs(
  { bench, onPair }: Stage,
  count: number,
  measurements: number,
): Promise<Figure[]> {
  await bench.simulateNodes();
  return bench.withOurs("known", async (ours) => {
    const names = Array.from({ length: count }, (_, number) => `known-${number}`);
    await runAll(ours, names, onPair);
    await delay(REST_MS);
    const { context } = ours;
    const nameAt = (index: number): string => names[index % count] ?? "";
    const ways: Readonly<Record<string, (index: number) => Promise<unknown>>> = {
      [`list, page of ${PAGE}`]: async () => context.backend.list({}, { limit: PAGE }),
      "list, all": async () => context.list(),
      status: async (index) => context.status(nameAt(index)),
    };
    const figures: Figure[] = [];
    for (const [what, call] of Object.entries(ways))
      figures.push(...(await measure(`${what} of ${count} running jobs`, call, measurements)));
    return [...figures, memory()];
  });
}

async function runAll(
  ours: OurNamespace,
  names: readonly string[],
  onPair: Stage["onPair"],
): Promise<void> {
  let done = 0;
  const running: Promise<unknown>[] = [];
  await atOnce(AT_ONCE, names, async (name) => {
    running.push(ours.jobs.running(name).then(() => onPair(++done, names.length)));
    await ours.submit({ name, simulated: true });
  });
  await Promise.all(running);
}

async function measure(
  what: string,
  call: (index: number) => Promise<unknown>,
  measurements: number,
): Promise<Figure[]> {
  const times: number[] = [];
  const calls = await countCalls(async () => {
    for (let index = 0; index < measurements; index++) {
      const begin = performance.now();
      await call(index);
      times.push(performance.now() - begin);
    }
  });
  return [
    { what, unit: "ms", ours: median(times), measurements },
    {
      what: "the same: 99 of 100 take at most",
      unit: "ms",
      ours: quantile(times, 0.99),
      measurements,
      goal: GOAL_MS,
    },
    { what: "the same: API calls", unit: "calls", ours: calls, measurements, goal: NO_CALL },
  ];
}

/** With everything that this process measures with. */
function memory(): Figure {
  const ours = process.memoryUsage().rss / 2 ** 20;
  return { what: "memory of the process (RSS)", unit: "MiB", ours, measurements: 1 };
}
