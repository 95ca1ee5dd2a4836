import { toFigure, type Figure } from "../figure.ts";
import { interleave } from "../interleave.ts";
import { createTwin, deleteTwin, jobNameOf } from "./raw-twins.ts";
import { sideBySide, type Stage } from "./side-by-side.ts";

const MODEL = { simulated: true, workers: 1 };

/** From 1 worker to many on simulated nodes, until a watch shows that all run; beside a patch of an equal Indexed Job. */
export async function scaleWorkers(
  { bench, onPair }: Stage,
  count: number,
  pairs: number,
): Promise<Figure[]> {
  await bench.simulateNodes();
  const measured = await sideBySide(bench, "scale", MODEL, async ({ ours, raw, twins }) =>
    interleave({
      pairs,
      warmUps: 1,
      onPair,
      async ours(index) {
        const name = `scale-${index}`;
        const one = ours.jobs.running(name);
        await ours.submit({ ...MODEL, name });
        await one;
        const all = ours.jobs.until(name, ({ status }) => status.nworkersRunning === count);
        const begin = performance.now();
        await ours.context.backend.scale(name, count);
        const end = await all;
        await ours.context.delete(name, { force: true });
        return end - begin;
      },
      async raw(index) {
        const twin = twins.twin(`scale-${index}`);
        const job = jobNameOf(twin);
        const one = raw.pods.running(job);
        await createTwin(raw.client, twin);
        await one;
        const all = raw.pods.running(job, count);
        const begin = performance.now();
        const spec = { parallelism: count, completions: count };
        await raw.client.patch(raw.client.path("jobs", job), { spec });
        const end = await all;
        const gone = raw.pods.gone(job);
        await deleteTwin(raw.client, twin);
        await gone;
        return end - begin;
      },
    }),
  );
  const goal = { of: "ratio", comparison: "at most", limit: 1.1 } as const;
  const what = `scale from 1 to ${count} workers, until all run`;
  return [toFigure({ what, unit: "ms", goal }, measured)];
}
