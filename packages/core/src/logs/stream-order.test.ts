import type { LogEntry, LogStream } from "./log-entry.ts";
import { describe, expect, it } from "vitest";
import { orderStreams, type StreamDisorder } from "./stream-order.ts";

function entry(stream: LogStream, time: number): LogEntry {
  const base = { job: "j", unit: "master", attempt: 0, line: new Uint8Array(), cursor: "" };
  return { ...base, stream, timeNs: BigInt(time) };
}

async function* batches(
  all: readonly LogEntry[],
  size: number,
): AsyncGenerator<LogEntry[], number> {
  for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
  return 42;
}

const disorder: StreamDisorder = { entries: 4096, lagNs: 1_000_000n };

async function times(all: readonly LogEntry[], size: number): Promise<number[]> {
  const ordered: number[] = [];
  const sequence = orderStreams(batches(all, size), disorder);
  for (;;) {
    const { done, value } = await sequence.next();
    if (done === true) return [...ordered, value];
    ordered.push(...value.map(({ timeNs }) => Number(timeNs)));
  }
}

describe("orderStreams", () => {
  it("puts what was written late in its place", async () => {
    const all = [entry("stdout", 1), entry("stdout", 3), entry("stdout", 4), entry("stderr", 2)];
    expect(await times(all, 1)).toEqual([1, 2, 3, 4, 42]);
    expect(await times(all, 10)).toEqual([1, 2, 3, 4, 42]);
  });

  it("does not hold back a stream that is alone", async () => {
    const all = Array.from({ length: 20_000 }, (_, index) => entry("stdout", index));
    expect(await times(all, 100)).toEqual([...all.keys(), 42]);
    const first = await orderStreams(batches(all, 5000), disorder).next();
    expect(first.done).toBe(false);
  });

  it("waits for the other stream no longer than it may come late", async () => {
    const all = [1, 3, 9, 12].map((time) => entry("stdout", time));
    const late = [...all, entry("stderr", 8)];
    const sequence = orderStreams(batches(late, 1), { entries: 100, lagNs: 10n });
    const { value } = await sequence.next();
    expect(value).toEqual([all[0]]);
    const rest: LogEntry[] = [];
    for await (const batch of sequence) rest.push(...batch);
    expect(rest.map(({ timeNs }) => Number(timeNs))).toEqual([3, 8, 9, 12]);
  });
});
