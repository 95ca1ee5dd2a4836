import {
  LogScope,
  type LogBatches,
  type LogEntry,
  type Logger,
  type LogQuery,
  type RecordStore,
} from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { logContainers } from "./log-containers.ts";
import { LogFollower } from "./log-follow.ts";
import { readSnapshot, type ReadContainers } from "./log-snapshot.ts";

/** Reads logs from the Docker Engine itself. */
export class DockerLogger implements Logger {
  readonly #client: DockerClient;
  readonly #store: RecordStore;
  readonly #closed = new AbortController();

  constructor(client: DockerClient, store: RecordStore) {
    this.#client = client;
    this.#store = store;
  }

  logs(namespace: string, query: LogQuery, signal?: AbortSignal): LogBatches {
    const ended = signal ? AbortSignal.any([signal, this.#closed.signal]) : this.#closed.signal;
    return query.follow === true
      ? this.#follow(namespace, query, ended)
      : this.#snapshot(namespace, query, ended);
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
    const known = logContainers(this.#client, namespace);
    const scope = await LogScope.open(known, this.#store, namespace, query, signal);
    const containers = await scope.containers(signal);
    yield* readSnapshot(this.#client, scope, containers, new Map(), signal);
  }

  async *#follow(
    namespace: string,
    query: LogQuery,
    signal: AbortSignal,
  ): AsyncGenerator<readonly LogEntry[]> {
    const known = logContainers(this.#client, namespace);
    const scope = await LogScope.open(known, this.#store, namespace, query, signal);
    const onRecordChange = (listener: () => void): (() => void) => this.#store.onChange(listener);
    const follower = new LogFollower({ client: this.#client, scope, onRecordChange });
    try {
      await follower.listen();
      const containers = await scope.containers(signal);
      // One container's log is in order by itself; several are first merged up to now.
      if (containers.length > 1 || (query.count ?? 0) > 0) {
        const read: ReadContainers = new Map();
        yield* readSnapshot(this.#client, scope, containers, read, signal);
        follower.known(containers, read);
      }
      yield* follower.read(signal);
    } finally {
      await follower.close();
    }
  }
}
