import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastEntries, mergeByTime, type MergeSource } from "./merge.ts";

interface Entry {
  readonly timeNs: bigint;
  readonly name: string;
}

async function* inBatches<Item>(items: readonly Item[], size: number): AsyncGenerator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

async function collect<Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const batch of batches) all.push(...batch);
  return all;
}

function toSource(
  times: readonly bigint[],
  order: number,
  size: number,
  early: bigint,
): MergeSource<Entry> {
  const entries = times.map((timeNs, index) => ({ timeNs, name: `${order}.${index}` }));
  const first = times[0] ?? 0n;
  return { notBeforeNs: first > early ? first - early : 0n, open: () => inBatches(entries, size) };
}

const sorted = fc
  .array(fc.bigInt({ min: 0n, max: 50n }), { maxLength: 40 })
  .map((times) => times.toSorted((a, b) => Number(a - b)));

describe("mergeByTime", () => {
  it("is a stable sort of all sources, whatever the batches", async () => {
    const input = fc.tuple(
      fc.array(sorted, { maxLength: 6 }),
      fc.integer({ min: 1, max: 9 }),
      fc.bigInt({ min: 0n, max: 9n }),
    );
    await fc.assert(
      fc.asyncProperty(input, async ([lists, size, early]) => {
        const sources = lists.map((times, order) => toSource(times, order, size, early));
        const expected = lists
          .flatMap((times, order) =>
            times.map((timeNs, index) => ({ timeNs, name: `${order}.${index}` })),
          )
          .toSorted((a, b) => Number(a.timeNs - b.timeNs));
        expect(await collect(mergeByTime(sources))).toEqual(expected);
      }),
    );
  });

  it("opens a source only when an entry of it may be next", async () => {
    const opened: number[] = [];
    const sources = [10n, 20n, 30n].map((start, order) => ({
      notBeforeNs: start,
      open: () => {
        opened.push(order);
        return inBatches([{ timeNs: start }, { timeNs: start + 5n }], 1);
      },
    }));
    const seen: number[] = [];
    const merged = mergeByTime(sources);
    for await (const batch of merged) seen.push(...batch.map(({ timeNs }) => Number(timeNs)));
    expect(seen).toEqual([10, 15, 20, 25, 30, 35]);
    expect(opened).toEqual([0, 1, 2]);
  });

  it("closes what it has opened when its reader leaves", async () => {
    let closed = 0;
    async function* endless(): AsyncGenerator<Entry[]> {
      try {
        for (let time = 0n; ; time += 1000n) {
          yield Array.from({ length: 1000 }, (_, index) => ({
            timeNs: time + BigInt(index),
            name: "",
          }));
        }
      } finally {
        closed++;
      }
    }
    const sources = [
      { notBeforeNs: 0n, open: endless },
      { notBeforeNs: 0n, open: endless },
    ];
    for await (const batch of mergeByTime(sources)) if (batch.length > 0) break;
    expect(closed).toBe(2);
  });
});

describe("lastEntries", () => {
  it("is the end of the sequence", async () => {
    const numbers = Array.from({ length: 10_000 }, (_, index) => index);
    expect(await lastEntries(inBatches(numbers, 7), 20)).toEqual(numbers.slice(-20));
    expect(await lastEntries(inBatches(numbers, 7), 20_000)).toEqual(numbers);
  });
});
