import type { JobRecord, NewJobRecord } from "./job-record.ts";

/** Which records; all filters must hold. */
export interface RecordFilter {
  readonly namespace?: string;
  /** Only records without outcome, or marked for deletion, or finished ones with a keep-after-finish time. */
  readonly active?: boolean;
}

/**
 * Looks at all active records that the store knows (all namespaces of an engine, the namespace of a cluster), in the moment that one is stored. What it throws is thrown by the store's call, and
 * nothing is stored. An earlier version of that record may be among them.
 */
export type RefuseRecord = (others: readonly JobRecord[]) => void;

/** Keeps job records; claiming a name is creating its record, atomically, also between processes. */
export interface RecordStore {
  /**
   * @param refuse - asked within the same transaction: nobody else who asks stores a record in between.
   * @throws ManagerError STATE_CONFLICT when a record of that namespace and name exists (`details.record` is that record).
   */
  create(record: NewJobRecord, refuse?: RefuseRecord): Promise<JobRecord>;
  get(namespace: string, name: string): Promise<JobRecord | undefined>;
  /** Ordered by `createdAt`, then name. */
  list(filter?: RecordFilter): Promise<JobRecord[]>;
  /**
   * Compare-and-swap: replaces the record of the same uid when its version is still `record.version`.
   * @param refuse - as for `create`.
   * @returns the new record; undefined when it was changed or removed in between.
   */
  replace(record: JobRecord, refuse?: RefuseRecord): Promise<JobRecord | undefined>;
  /** Removes the record of that uid; false when it was already gone. Remembers the uid, see {@link RecordStore.wasRemoved}. */
  remove(record: Pick<JobRecord, "namespace" | "name" | "uid">): Promise<boolean>;
  /** Whether a record of that uid existed here and was removed: what carries it is a leftover. */
  wasRemoved(uid: string): Promise<boolean>;
  /** Calls back soon after any change by any process; spurious calls are allowed, missed ones are not. Returns the unsubscribe. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Reads, changes and swaps until it wins; `change` returns undefined to leave the record as it is. */
export async function updateRecord(
  store: RecordStore,
  key: Pick<JobRecord, "namespace" | "name" | "uid">,
  change: (current: JobRecord) => JobRecord | undefined,
  refuse?: (next: JobRecord, others: readonly JobRecord[]) => void,
): Promise<JobRecord | undefined> {
  for (;;) {
    const current = await store.get(key.namespace, key.name);
    if (!current || current.uid !== key.uid) return undefined;
    const next = change(current);
    if (!next) return current;
    const stored = refuse
      ? await store.replace({ ...next, version: current.version }, (others) => refuse(next, others))
      : await store.replace({ ...next, version: current.version });
    if (stored) return stored;
  }
}
