import {
  isManagerError,
  LogScope,
  type LogBatches,
  type LogEntry,
  type Logger,
  type LogQuery,
  type RecordStore,
} from "@juliarun/core";
import { setTimeout as delay } from "node:timers/promises";
import { podRuns } from "./log-containers.ts";
import { LogFollower } from "./log-follow.ts";
import { readSnapshot, type ReadRuns } from "./log-snapshot.ts";
import type { PodLogSource } from "./pod-logs.ts";

/** Pause before reading goes on after a loss; doubles each time. */
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5000;

/** Reads logs from the pods themselves: what the nodes still keep. */
export class KuberLogger implements Logger {
  readonly #source: PodLogSource;
  readonly #store: RecordStore;
  readonly #closed = new AbortController();

  constructor(source: PodLogSource, store: RecordStore) {
    this.#source = source;
    this.#store = store;
  }

  logs(namespace: string, query: LogQuery, signal?: AbortSignal): LogBatches {
    const ended = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
    const batches =
      query.follow === true
        ? this.#follow(namespace, query, ended)
        : this.#snapshot(namespace, query, ended);
    return untilAborted(batches, ended);
  }

  /** Ends every reading. */
  async close(): Promise<void> {
    this.#closed.abort();
  }

  async *#snapshot(
    namespace: string,
    query: LogQuery,
    signal: AbortSignal,
  ): AsyncGenerator<readonly LogEntry[]> {
    const scope = await LogScope.open(podRuns(this.#source), this.#store, namespace, query, signal);
    const runs = await scope.containers(signal);
    yield* readSnapshot(this.#source, scope, runs, new Map(), signal);
  }

  async *#follow(
    namespace: string,
    query: LogQuery,
    signal: AbortSignal,
  ): AsyncGenerator<readonly LogEntry[]> {
    // Of every stream, what was read last, to go on from when the API server was away.
    const taken = new Map<string, string>();
    const connection = { made: false };
    for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      const cursors = [...(query.cursors ?? []), ...taken.values()];
      const count = taken.size === 0 ? (query.count ?? 0) : 0;
      try {
        const resumed = { ...query, cursors, count };
        for await (const batch of this.#followFrom(namespace, resumed, connection, signal)) {
          for (const { job, unit, stream, cursor } of batch) {
            taken.set(`${job}/${unit}/${stream}`, cursor);
          }
          yield batch;
        }
        return;
      } catch (error) {
        // A first try that fails is an answer; later the job may be gone.
        if (!connection.made || signal.aborted || !isManagerError(error)) throw error;
        if (error.code === "JOB_NOT_FOUND") return;
        if (!error.retryable) throw error;
        await delay(pauseMs, undefined, { signal });
      }
    }
  }

  async *#followFrom(
    namespace: string,
    query: LogQuery,
    connection: { made: boolean },
    signal: AbortSignal,
  ): AsyncGenerator<readonly LogEntry[]> {
    const scope = await LogScope.open(podRuns(this.#source), this.#store, namespace, query, signal);
    const onRecordChange = (listener: () => void): (() => void) => this.#store.onChange(listener);
    const follower = new LogFollower({ source: this.#source, scope, onRecordChange });
    try {
      const runs = await scope.containers(signal);
      connection.made = true;
      // One container's log is in order by itself; several are first merged up to now.
      if (runs.length > 1 || (query.count ?? 0) > 0) {
        const read: ReadRuns = new Map();
        yield* readSnapshot(this.#source, scope, runs, read, signal);
        follower.known(runs, read);
      }
      yield* follower.read(signal);
    } finally {
      await follower.close();
    }
  }
}

/** An abort is an end, not an error. */
async function* untilAborted<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
