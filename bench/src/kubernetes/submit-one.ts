import { setTimeout as delay } from "node:timers/promises";
import { toFigure, type Figure } from "../figure.ts";
import { interleave } from "../interleave.ts";
import { createTwin, deleteTwin, jobNameOf } from "./raw-twins.ts";
import { sideBySide, type Stage } from "./side-by-side.ts";

/** Both sides begin from rest. */
const REST_MS = 500;

/** One job: from `submit()` until a watch shows that it runs, beside the creation of equal objects and a watch of pods. */
export async function submitOne({ bench, onPair }: Stage, pairs: number): Promise<Figure[]> {
  const measured = await sideBySide(bench, "submit", {}, async ({ ours, raw, twins }) =>
    interleave({
      pairs,
      onPair,
      async ours(index) {
        const name = `one-${index}`;
        await delay(REST_MS);
        const running = ours.jobs.running(name);
        const begin = performance.now();
        await ours.submit({ name });
        const returned = performance.now();
        const end = Math.max(await running, returned);
        await ours.context.delete(name, { force: true });
        return end - begin;
      },
      async raw(index) {
        const twin = twins.twin(`one-${index}`);
        await delay(REST_MS);
        const running = raw.pods.running(jobNameOf(twin));
        const begin = performance.now();
        await createTwin(raw.client, twin);
        const returned = performance.now();
        const end = Math.max(await running, returned);
        const gone = raw.pods.gone(jobNameOf(twin));
        await deleteTwin(raw.client, twin);
        await gone;
        return end - begin;
      },
    }),
  );
  const goal = { of: "ratio", comparison: "at most", limit: 1.1 } as const;
  return [toFigure({ what: "submit to running, one job", unit: "ms", goal }, measured)];
}
