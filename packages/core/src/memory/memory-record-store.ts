import type { JobRecord, NewJobRecord } from "../record/job-record.ts";
import type { RecordFilter, RecordStore, RefuseRecord } from "../record/record-store.ts";
import { MemoryRecordTable } from "./memory-record-table.ts";

/** Keeps records in memory. Stores made over one table behave as those of several processes over one file. */
export class MemoryRecordStore implements RecordStore {
  readonly #table: MemoryRecordTable;
  readonly #unsubscribes = new Set<() => void>();

  constructor(table: MemoryRecordTable = new MemoryRecordTable()) {
    this.#table = table;
  }

  async create(record: NewJobRecord, refuse?: RefuseRecord): Promise<JobRecord> {
    return this.#table.create(record, refuse);
  }

  async get(namespace: string, name: string): Promise<JobRecord | undefined> {
    return this.#table.get(namespace, name);
  }

  async list(filter: RecordFilter = {}): Promise<JobRecord[]> {
    return this.#table.list(filter);
  }

  async replace(record: JobRecord, refuse?: RefuseRecord): Promise<JobRecord | undefined> {
    return this.#table.replace(record, refuse);
  }

  async remove(record: Pick<JobRecord, "namespace" | "name" | "uid">): Promise<boolean> {
    return this.#table.remove(record);
  }

  async wasRemoved(uid: string): Promise<boolean> {
    return this.#table.wasRemoved(uid);
  }

  onChange(listener: () => void): () => void {
    const unsubscribe = this.#table.onChange(listener);
    this.#unsubscribes.add(unsubscribe);
    return () => {
      this.#unsubscribes.delete(unsubscribe);
      unsubscribe();
    };
  }

  async close(): Promise<void> {
    for (const unsubscribe of this.#unsubscribes) unsubscribe();
    this.#unsubscribes.clear();
  }
}
