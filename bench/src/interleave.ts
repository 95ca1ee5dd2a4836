import type { Pairs } from "./figure.ts";

/** How to measure ours and raw in turn. */
export interface Interleaving {
  readonly pairs: number;
  /** Left out of the result: caches and connections of both sides fill. */
  readonly warmUps?: number;
  readonly ours: (index: number) => Promise<number>;
  readonly raw: (index: number) => Promise<number>;
  readonly onPair?: (done: number, pairs: number) => void;
}

/** Measures both, each as often first as second, so that a slower minute of the machine meets both. */
export async function interleave(options: Interleaving): Promise<Pairs> {
  const { pairs, warmUps = 2, onPair } = options;
  const [ours, raw]: [number[], number[]] = [[], []];
  for (let index = -warmUps; index < pairs; index++) {
    const place = index + warmUps;
    const oursFirst = place % 2 === 0;
    let second: number | undefined;
    if (!oursFirst) second = await options.raw(place);
    const mine = await options.ours(place);
    const theirs = second ?? (await options.raw(place));
    if (index < 0) continue;
    ours.push(mine);
    raw.push(theirs);
    onPair?.(index + 1, pairs);
  }
  return { ours, raw };
}
