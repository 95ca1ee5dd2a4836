import { toFigure, type Figure } from "../figure.ts";
import { interleave } from "../interleave.ts";
import { atOnce } from "./at-once.ts";
import { RawJobs } from "./raw-jobs.ts";
import { createTwin, jobNameOf } from "./raw-twins.ts";
import { sideBySide, type Sides, type Stage } from "./side-by-side.ts";

const AT_ONCE = 20;
const MODEL = { simulated: true, ends: true };

interface Drain {
  /** Jobs a second, until the last one was made. */
  readonly made: number;
  /** Jobs a second, until the last one had ended. */
  readonly drained: number;
}

/**
 * Many jobs of one unit on simulated nodes, made some at once and run to their ends, with their outcomes recorded; beside a loop
 * that makes equal objects and watches its Jobs until they are complete.
 */
export async function drain(
  { bench, onPair }: Stage,
  count: number,
  pairs: number,
): Promise<Figure[]> {
  await bench.simulateNodes();
  const numbers = Array.from({ length: count }, (_, number) => number);
  const runs: { ours: Drain[]; raw: Drain[] } = { ours: [], raw: [] };
  // Namespaces of their own: neither meets what is left of others.
  const inTurn = async (index: number, run: (sides: Sides) => Promise<Drain>): Promise<Drain> =>
    sideBySide(bench, `drain-${index}`, MODEL, run);
  await interleave({
    pairs,
    warmUps: 0,
    onPair,
    async ours(index) {
      const run = await inTurn(2 * index, async ({ ours }) =>
        measure(numbers, async (number, made) => {
          const name = `drain-${number}`;
          const finished = ours.jobs.finished(name);
          await ours.submit({ ...MODEL, name });
          made();
          return finished;
        }),
      );
      runs.ours.push(run);
      return run.drained;
    },
    async raw(index) {
      const run = await inTurn(2 * index + 1, async ({ raw, twins }) => {
        const jobs = new RawJobs(raw.client);
        try {
          await jobs.watch.ready();
          return await measure(numbers, async (number, made) => {
            const twin = twins.twin(`drain-${number}`);
            const complete = jobs.complete(jobNameOf(twin));
            await createTwin(raw.client, twin);
            made();
            return complete;
          });
        } finally {
          await jobs.watch.close();
        }
      });
      runs.raw.push(run);
      return run.drained;
    },
  });
  const goal = { of: "ratio", comparison: "at least", limit: 0.9 } as const;
  const figure = (what: string, of: (run: Drain) => number): Figure =>
    toFigure({ what, unit: "jobs/s", goal }, { ours: runs.ours.map(of), raw: runs.raw.map(of) });
  return [
    figure(`${count} jobs of one unit, ${AT_ONCE} submitted at once: made`, ({ made }) => made),
    figure("the same: drained", ({ drained }) => drained),
  ];
}

/** @param run - makes one job, says when it is made, and resolves with its end. */
async function measure(
  numbers: readonly number[],
  run: (number: number, made: () => void) => Promise<number>,
): Promise<Drain> {
  const begin = performance.now();
  const ends: Promise<number>[] = [];
  await atOnce(AT_ONCE, numbers, async (number) => {
    const made = Promise.withResolvers<void>();
    const end = run(number, made.resolve);
    ends.push(end);
    await Promise.race([made.promise, end]);
  });
  const madeMs = performance.now() - begin;
  const drainedMs = Math.max(...(await Promise.all(ends))) - begin;
  const perSecond = (ms: number): number => (numbers.length / ms) * 1000;
  return { made: perSecond(madeMs), drained: perSecond(drainedMs) };
}
