import { throwIfAborted } from "../engine/abortable.ts";
import { Bell } from "../engine/bell.ts";
import { notFound } from "../engine/not-found.ts";
import { ManagerError } from "../errors/manager-error.ts";
import type { LogBatches, LogEntry, LogQuery } from "../logs/log-entry.ts";
import type { Logger } from "../logs/logger.ts";
import { parseUnitName, unitName } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { RecordStore } from "../record/record-store.ts";
import { LogReader } from "./log-reader.ts";
import type { MemoryContainer } from "./memory-container.ts";
import type { MemoryWorld } from "./memory-world.ts";

/** Entries in one batch, at most. */
const BATCH = 1024;

/** Reads the logs that the containers of a {@link MemoryWorld} keep. */
export class MemoryLogger implements Logger {
  readonly #world: MemoryWorld;
  readonly #store: RecordStore;
  readonly #closed = new AbortController();

  constructor(world: MemoryWorld, store: RecordStore) {
    this.#world = world;
    this.#store = store;
  }

  async *logs(namespace: string, query: LogQuery, signal?: AbortSignal): LogBatches {
    throwIfAborted(signal);
    const record = query.job === undefined ? undefined : await this.#record(namespace, query.job);
    if (record && query.unit !== undefined) this.#checkUnit(record, query.unit);
    const reader = new LogReader(query);
    const isWanted = ({ record: { uid, namespace: own }, unit }: MemoryContainer): boolean =>
      own === namespace &&
      (record === undefined || uid === record.uid) &&
      (query.unit === undefined || unitName(unit) === query.unit);
    const discover = (): void => {
      for (const container of this.#world.containers()) {
        if (isWanted(container)) reader.add(container);
      }
    };
    discover();
    if (query.follow) yield* this.#follow(reader, discover, record, signal);
    else yield* inBatches(this.#read(reader));
  }

  async close(): Promise<void> {
    this.#closed.abort();
  }

  async *#follow(
    reader: LogReader,
    discover: () => void,
    record: JobRecord | undefined,
    signal: AbortSignal | undefined,
  ): LogBatches {
    const end = AbortSignal.any([this.#closed.signal, ...(signal ? [signal] : [])]);
    const bell = new Bell(end);
    const unsubscribes = [
      this.#world.onEvent((event) => {
        // At once: a container may be gone when this is asked for the next time.
        if (event.type === "changed") discover();
        bell.ring();
      }),
      this.#store.onChange(() => bell.ring()),
    ];
    try {
      while (!end.aborted) {
        bell.reset();
        const ended = record !== undefined && (await this.#hasEnded(record));
        if (this.#world.reachable) {
          yield* inBatches(reader.read());
          if (ended) return;
        }
        await bell.wait();
      }
    } finally {
      for (const unsubscribe of unsubscribes) unsubscribe();
    }
  }

  #read(reader: LogReader): LogEntry[] {
    if (this.#world.reachable) return reader.read();
    throw new ManagerError("BACKEND_UNREACHABLE", "The simulated engine does not answer.");
  }

  /** Whether the job will never write again. */
  async #hasEnded({ namespace, name, uid }: JobRecord): Promise<boolean> {
    const current = await this.#store.get(namespace, name);
    if (current?.uid !== uid) return true;
    const active = this.#world.containers().some((each) => each.record.uid === uid && each.active);
    return current.outcome !== undefined && !active;
  }

  async #record(namespace: string, name: string): Promise<JobRecord> {
    const record = await this.#store.get(namespace, name);
    if (!record) throw notFound(namespace, name);
    return record;
  }

  #checkUnit(record: JobRecord, name: string): void {
    const unit = parseUnitName(name);
    const known =
      unit?.role === "worker"
        ? unit.index < record.requestedWorkers || record.units[name] !== undefined
        : record.plan.groups.some((group) => group.role === unit?.role);
    if (known) return;
    throw new ManagerError("SPEC_INVALID", `Job ${record.name} has no unit ${name}.`, {
      hint: "Units are `master` and `worker-<number>`; the job's status lists them.",
    });
  }
}

function* inBatches(entries: readonly LogEntry[]): Generator<readonly LogEntry[]> {
  for (let start = 0; start < entries.length; start += BATCH) {
    yield entries.slice(start, start + BATCH);
  }
}
