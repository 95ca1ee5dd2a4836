import { ManagerError } from "../errors/manager-error.ts";
import type { JobRecord, NewJobRecord } from "../record/job-record.ts";
import type { RecordFilter, RefuseRecord } from "../record/record-store.ts";
import { OrderedRecords } from "./ordered-records.ts";

/** The records of a simulated cluster: what all {@link MemoryRecordStore}s of it share, as processes share a file. */
export class MemoryRecordTable {
  readonly #byName = new Map<string, JobRecord>();
  readonly #all = new OrderedRecords();
  readonly #active = new OrderedRecords();
  readonly #removed = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #telling = false;

  /** @throws ManagerError STATE_CONFLICT when the name is taken, or what `refuse` throws. */
  create(record: NewJobRecord, refuse?: RefuseRecord): JobRecord {
    const taken = this.get(record.namespace, record.name);
    if (taken) {
      const message = `A record of job ${record.name} exists in namespace ${record.namespace}.`;
      throw new ManagerError("STATE_CONFLICT", message, { details: { record: taken } });
    }
    refuse?.(this.#active.all);
    return this.#put(record);
  }

  get(namespace: string, name: string): JobRecord | undefined {
    return this.#byName.get(keyOf({ namespace, name }));
  }

  list(filter: RecordFilter): JobRecord[] {
    const { all } = filter.active === true ? this.#active : this.#all;
    const { namespace } = filter;
    return namespace === undefined
      ? [...all]
      : all.filter((record) => record.namespace === namespace);
  }

  /** Undefined when the record is no longer of that version. */
  replace(record: JobRecord, refuse?: RefuseRecord): JobRecord | undefined {
    const current = this.#byName.get(keyOf(record));
    if (current?.uid !== record.uid || current.version !== record.version) return undefined;
    refuse?.(this.#active.all);
    return this.#put(record);
  }

  remove(record: Pick<JobRecord, "namespace" | "name" | "uid">): boolean {
    const current = this.#byName.get(keyOf(record));
    if (current?.uid !== record.uid) return false;
    this.#byName.delete(keyOf(record));
    this.#all.delete(current);
    this.#active.delete(current);
    this.#removed.add(record.uid);
    this.#tellSoon();
    return true;
  }

  wasRemoved(uid: string): boolean {
    return this.#removed.has(uid);
  }

  onChange(listener: () => void): () => void {
    // One function may listen twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #put(record: NewJobRecord): JobRecord {
    // A copy, as a store outside this process would keep: it must be plain data, and the caller's later changes are not seen.
    const stored: JobRecord = { ...structuredClone(record), version: String(++this.#version) };
    this.#byName.set(keyOf(stored), stored);
    this.#all.put(stored);
    if (isActive(stored)) this.#active.put(stored);
    else this.#active.delete(stored);
    this.#tellSoon();
    return stored;
  }

  #tellSoon(): void {
    if (this.#telling) return;
    this.#telling = true;
    setImmediate(() => {
      this.#telling = false;
      for (const listener of this.#listeners) listener();
    });
  }
}

function isActive(record: JobRecord): boolean {
  const keeps = record.plan.keepAfterFinishSeconds !== undefined;
  return !record.outcome || record.deletionRequestedAt !== undefined || keeps;
}

function keyOf(record: Pick<JobRecord, "namespace" | "name">): string {
  return `${record.namespace}/${record.name}`;
}
