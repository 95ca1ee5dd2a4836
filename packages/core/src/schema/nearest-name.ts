import { distance } from "fastest-levenshtein";

/** Spelling differences that nobody means: case, `_` against `-` against camelCase. */
const fold = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, "");

/**
 * The candidate that was probably meant by `name`: the nearest by edit distance, if it is near at all.
 * Case and word separators do not count.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const folded = fold(name);
  let best: string | undefined;
  // More wrong letters would suggest words that only happen to be short.
  let bestDistance = Math.max(1, Math.round(folded.length * 0.4)) + 1;
  for (const candidate of candidates) {
    const current = distance(folded, fold(candidate));
    if (current < bestDistance) {
      best = candidate;
      bestDistance = current;
    }
  }
  return best;
}
