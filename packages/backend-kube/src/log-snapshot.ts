import {
  collectLog,
  lastEntries,
  mergedLog,
  orderStreams,
  type LogEntry,
  type LogProgress,
  type LogScope,
  type MergeSource,
} from "@juliarun/core";
import { newProgress } from "./log-resume.ts";
import { readRunLog, type RunLogEnd } from "./log-stream.ts";
import type { PodLogSource } from "./pod-logs.ts";
import type { PodRun } from "./pod-run.ts";

/** A longer end of a log is read from its beginning. */
const MAX_TAIL = 10_000;
/** The log counts pieces of long lines and both streams: ask for more than is wanted. */
const TAIL_MARGIN = 64;
const TAIL_GROWTH = 8;

/** How far containers were read, by their ids. */
export type ReadRuns = Map<string, LogProgress>;

/**
 * Everything that the containers have written until now, merged exactly by time; the last `count` entries where asked.
 * @param read - is told how far each container was read.
 */
export async function* readSnapshot(
  source: PodLogSource,
  scope: LogScope<PodRun>,
  runs: readonly PodRun[],
  read: ReadRuns,
  signal: AbortSignal,
): AsyncGenerator<readonly LogEntry[]> {
  const count = scope.query.count ?? 0;
  const sources = runs.map((run): MergeSource<LogEntry> => ({
    // Nothing was written before the container started, in whole seconds.
    notBeforeNs: BigInt(run.container.startedAt) * 1_000_000n,
    open: () => readEnd({ source, scope, run, read, signal }, count),
  }));
  yield* mergedLog(sources, count);
}

interface Reading {
  readonly source: PodLogSource;
  readonly scope: LogScope<PodRun>;
  readonly run: PodRun;
  readonly read: ReadRuns;
  readonly signal: AbortSignal;
}

/** The log of one container until now; at least its last `count` entries, or all where that is 0. */
async function* readEnd(reading: Reading, count: number): AsyncGenerator<readonly LogEntry[]> {
  const { cursors, sinceNs, stream } = reading.scope.query;
  const fromTheEnd =
    count > 0 &&
    count <= MAX_TAIL &&
    !cursors?.length &&
    sinceNs === undefined &&
    stream === undefined;
  if (fromTheEnd) yield await readLast(reading, count);
  else yield* readAll(reading);
}

/** Asks for more and more messages until enough of them are whole lines. */
async function readLast(reading: Reading, count: number): Promise<readonly LogEntry[]> {
  for (let tail = count + TAIL_MARGIN; tail <= TAIL_GROWTH * MAX_TAIL; tail *= TAIL_GROWTH) {
    const {
      entries,
      end: { messages },
    } = await collectLog(readAll(reading, tail));
    // The first lines may be the rests of longer ones.
    const whole = messages < tail - 1 ? entries : entries.slice(2);
    if (messages < tail - 1 || whole.length >= count) return whole.slice(-count);
  }
  return lastEntries(readAll(reading), count);
}

async function* readAll(
  { source, scope, run, read, signal }: Reading,
  tail?: number,
): AsyncGenerator<readonly LogEntry[], RunLogEnd> {
  const progress = newProgress(scope, run);
  const { streams } = scope;
  const query = { streams, tail, follow: false, ended: !run.container.running };
  const end = yield* orderStreams(readRunLog(source, run, query, progress, signal));
  read.set(run.container.id, progress);
  return end;
}
