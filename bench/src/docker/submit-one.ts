import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { toFigure, type Figure } from "../figure.ts";
import { interleave } from "../interleave.ts";
import type { Stage } from "./stage.ts";

/** Both sides begin from rest. */
const REST_MS = 100;

/** One job: from `submit()` until a watch shows that it runs, beside create and start of an equal container. */
export async function submitOne(
  { cluster, jobs, twins, onPair }: Stage,
  pairs: number,
  what = "submit to running, one job",
): Promise<Figure[]> {
  const { context } = cluster;
  const prefix = randomBytes(3).toString("hex");
  const measured = await interleave({
    pairs,
    onPair,
    async ours(index) {
      const name = `one-${prefix}-${index}`;
      const running = jobs.running(name);
      await delay(REST_MS);
      const begin = performance.now();
      await context.submit(cluster.job(name, "sleep"));
      const returned = performance.now();
      const end = Math.max(await running, returned);
      await context.delete(name, { force: true });
      return end - begin;
    },
    async raw(index) {
      await delay(REST_MS);
      const begin = performance.now();
      const container = await twins.start(`raw-${prefix}-${index}`);
      const end = performance.now();
      await container.remove({ force: true, v: true });
      return end - begin;
    },
  });
  const goal = { of: "ratio", comparison: "at most", limit: 1.1 } as const;
  return [toFigure({ what, unit: "ms", goal }, measured)];
}
