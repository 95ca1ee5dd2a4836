import type { BenchKube, RawNamespace } from "./bench-kube.ts";
import type { BenchJobOptions } from "./bench-job.ts";
import type { OurNamespace } from "./our-namespace.ts";
import { RawTwins } from "./raw-twins.ts";

/** What a measurement works with. */
export interface Stage {
  readonly bench: BenchKube;
  readonly onPair: (done: number, pairs: number) => void;
}

/** A namespace of ours and one for raw jobs that are equal to ours. */
export interface Sides {
  readonly ours: OurNamespace;
  readonly raw: RawNamespace;
  readonly twins: RawTwins;
}

/** Two new namespaces while `work` runs. @param model - what the jobs are like. */
export async function sideBySide<T>(
  bench: BenchKube,
  topic: string,
  model: Omit<BenchJobOptions, "name">,
  work: (sides: Sides) => Promise<T>,
): Promise<T> {
  return bench.withOurs(topic, async (ours) =>
    bench.withRaw(topic, async (raw) => {
      const twins = await RawTwins.of(ours, model);
      await twins.prepare(raw.client);
      return work({ ours, raw, twins });
    }),
  );
}
