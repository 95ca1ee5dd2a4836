import { describe, expect, it } from "vitest";
import type { LogEntry } from "./log-entry.ts";
import { collectLog, mergedLog } from "./merged-log.ts";
import type { MergeSource } from "./merge.ts";

function entry(unit: string, time: number): LogEntry {
  const base = {
    job: "j",
    attempt: 0,
    stream: "stdout",
    line: new Uint8Array(),
    cursor: "",
  } as const;
  return { ...base, unit, timeNs: BigInt(time) };
}

async function* batches(entries: readonly LogEntry[]): AsyncGenerator<readonly LogEntry[], string> {
  for (const each of entries) yield [each];
  return "end";
}

const sources: MergeSource<LogEntry>[] = [
  { notBeforeNs: 0n, open: () => batches([entry("a", 1), entry("a", 4)]) },
  { notBeforeNs: 0n, open: () => batches([entry("b", 2), entry("b", 3)]) },
];

async function times(count: number): Promise<number[]> {
  const all: number[] = [];
  for await (const batch of mergedLog(sources, count))
    all.push(...batch.map(({ timeNs }) => Number(timeNs)));
  return all;
}

describe("mergedLog", () => {
  it("has all entries by time, or the last of them", async () => {
    expect(await times(0)).toEqual([1, 2, 3, 4]);
    expect(await times(3)).toEqual([2, 3, 4]);
    expect(await times(9)).toEqual([1, 2, 3, 4]);
  });

  it("yields nothing where there is nothing", async () => {
    expect(await mergedLog([], 5).next()).toEqual({ done: true, value: undefined });
  });
});

describe("collectLog", () => {
  it("keeps the entries and the end", async () => {
    const { entries, end } = await collectLog(batches([entry("a", 1), entry("a", 2)]));
    expect(entries.map(({ timeNs }) => timeNs)).toEqual([1n, 2n]);
    expect(end).toBe("end");
  });
});
