import type { LogEntry } from "./log-entry.ts";
import { lastEntries, mergeByTime, type MergeSource } from "./merge.ts";

/** Logs of several containers as one, exactly by time; of that the last `count` entries, or all where that is 0. */
export async function* mergedLog(
  sources: readonly MergeSource<LogEntry>[],
  count: number,
): AsyncGenerator<readonly LogEntry[]> {
  const merged = mergeByTime(sources);
  if (count === 0) {
    yield* merged;
    return;
  }
  const last = await lastEntries(merged, count);
  if (last.length > 0) yield last;
}

/** All entries of a reading, and what it returned at its end. */
export async function collectLog<Result>(
  batches: AsyncGenerator<readonly LogEntry[], Result>,
): Promise<{ readonly entries: LogEntry[]; readonly end: Result }> {
  const entries: LogEntry[] = [];
  for (;;) {
    const { done, value } = await batches.next();
    if (done === true) return { entries, end: value };
    for (const entry of value) entries.push(entry);
  }
}
