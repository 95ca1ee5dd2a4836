import { assert, nat, property, uniqueArray } from "fast-check";
import { describe, expect, it } from "vitest";
import { isInIntervals } from "./index-intervals.ts";

/** As the Job controller writes a set of indexes: intervals of neighbours, in ascending order. */
function toIntervals(indexes: ReadonlySet<number>): string {
  const runs: [first: number, last: number][] = [];
  for (const index of [...indexes].toSorted((a, b) => a - b)) {
    const run = runs.at(-1);
    if (run?.[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(",");
}

describe("isInIntervals", () => {
  it.each([
    ["", 0, false],
    ["0", 0, true],
    ["0", 1, false],
    ["1-3", 0, false],
    ["1-3", 2, true],
    ["1-3", 4, false],
    ["0-4,7", 7, true],
    ["0-4,7", 6, false],
    ["10-12", 1, false],
  ])("of %o, %i: %o", (intervals, index, expected) => {
    expect(isInIntervals(intervals, index)).toBe(expected);
  });

  it("finds exactly what is in the set", () => {
    assert(
      property(uniqueArray(nat({ max: 40 })), nat({ max: 41 }), (all, index) => {
        const indexes = new Set(all);
        expect(isInIntervals(toIntervals(indexes), index)).toBe(indexes.has(index));
      }),
    );
  });
});
