import {
  collectLog,
  lastEntries,
  mergedLog,
  orderStreams,
  type LogEntry,
  type LogProgress,
  type LogScope,
  type LogStream,
  type MergeSource,
} from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { newProgress } from "./log-containers.ts";
import { readContainerLog } from "./log-stream.ts";
import type { ListedUnit } from "./status.ts";

/** A longer end of a log is read from its beginning. */
const MAX_TAIL = 10_000;
/** The engine counts pieces of long lines and both streams: ask for more than is wanted. */
const TAIL_MARGIN = 64;
const TAIL_GROWTH = 8;

/** How far containers were read, by their ids. */
export type ReadContainers = Map<string, LogProgress>;

/**
 * Everything that the containers have written until now, merged exactly by time; the last `count` entries where asked.
 * @param read - is told how far each container was read.
 */
export async function* readSnapshot(
  client: DockerClient,
  scope: LogScope<ListedUnit>,
  containers: readonly ListedUnit[],
  read: ReadContainers,
  signal: AbortSignal,
): AsyncGenerator<readonly LogEntry[]> {
  const count = scope.query.count ?? 0;
  const sources = containers.map((container): MergeSource<LogEntry> => ({
    // Nothing was written before the container was made, in whole seconds.
    notBeforeNs: BigInt(container.createdAt) * 1_000_000_000n,
    open: () => readEnd({ client, scope, container, read, signal }, count),
  }));
  yield* mergedLog(sources, count);
}

interface Reading {
  readonly client: DockerClient;
  readonly scope: LogScope<ListedUnit>;
  readonly container: ListedUnit;
  readonly read: ReadContainers;
  readonly signal: AbortSignal;
}

/** The log of one container until now; at least its last `count` entries, or all where that is 0. */
async function* readEnd(reading: Reading, count: number): AsyncGenerator<readonly LogEntry[]> {
  const { cursors, sinceNs } = reading.scope.query;
  const fromTheEnd = count > 0 && count <= MAX_TAIL && !cursors?.length && sinceNs === undefined;
  if (fromTheEnd) yield await readLast(reading, count);
  else yield* readAll(reading, reading.scope.streams);
}

/** Asks the engine for more and more messages until enough of them are whole lines of the wanted streams. */
async function readLast(reading: Reading, count: number): Promise<readonly LogEntry[]> {
  const { streams } = reading.scope;
  for (let tail = 2 * count + TAIL_MARGIN; tail <= TAIL_GROWTH * MAX_TAIL; tail *= TAIL_GROWTH) {
    const { entries, end: messages } = await collectLog(
      readAll(reading, ["stdout", "stderr"], tail),
    );
    // The first line of each stream may be the rest of a longer one.
    const whole = messages < tail ? entries : withoutFirstOfEach(entries);
    const wanted = whole.filter(({ stream }) => streams.includes(stream));
    if (messages < tail || wanted.length >= count) return wanted.slice(-count);
  }
  return lastEntries(readAll(reading, streams), count);
}

async function* readAll(
  { client, scope, container, read, signal }: Reading,
  streams: readonly LogStream[],
  tail?: number,
): AsyncGenerator<readonly LogEntry[], number> {
  const progress = newProgress(scope, container);
  const query = { streams, tail, follow: false, ended: container.unit.state !== "running" };
  const messages = yield* orderStreams(
    readContainerLog(client, container, query, progress, signal),
  );
  read.set(container.unit.engineId, progress);
  return messages;
}

function withoutFirstOfEach(entries: readonly LogEntry[]): LogEntry[] {
  const first = new Set([
    entries.findIndex(({ stream }) => stream === "stdout"),
    entries.findIndex(({ stream }) => stream === "stderr"),
  ]);
  return entries.filter((_, index) => !first.has(index));
}
