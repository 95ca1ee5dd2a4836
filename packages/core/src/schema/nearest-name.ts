import { distance } from "fastest-levenshtein";

/** Spelling differences that nobody means: case, `_` against `-` against camelCase. */
const fold = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, "");

/** Letters in some order: the same for a word and its slips of fingers, such as `nsf` for `nfs`. */
const letters = (folded: string): string => Array.from(folded).toSorted().join("");

/** A shortened word means the whole one from so many letters on. */
const LEAST_PREFIX = 3;

function difference(given: string, candidate: string): number {
  const shortened = given.length >= LEAST_PREFIX && candidate.startsWith(given);
  return shortened || letters(given) === letters(candidate) ? 1 : distance(given, candidate);
}

/**
 * The candidate that was probably meant by `name`: the nearest by edit distance, if it is near at all.
 * Case and word separators do not count; swapped letters and a missing end count little.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const given = fold(name);
  let best: string | undefined;
  // More wrong letters would suggest words that only happen to be short.
  let bestDifference = Math.max(1, Math.round(given.length * 0.4)) + 1;
  for (const candidate of candidates) {
    const folded = fold(candidate);
    const current = folded === given ? 0 : difference(given, folded);
    if (current < bestDifference) {
      best = candidate;
      bestDifference = current;
    }
  }
  return best;
}
