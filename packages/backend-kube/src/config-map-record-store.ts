import {
  ManagerError,
  type JobRecord,
  type NewJobRecord,
  type RecordFilter,
  type RecordStore,
  type RefuseRecord,
} from "@juliarun/core";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { ClaimLock } from "./claim-lock.ts";
import type { KubeClient } from "./client.ts";
import { isAlreadyExists, isConflict, isNotFound, isUnanswered } from "./errors.ts";
import { COMPONENT, LABEL, selector } from "./manifests/labels.ts";
import { recordName } from "./manifests/names.ts";
import type { RecordOwner } from "./manifests/owner-reference.ts";
import { ParsedRecords, type ParsedRecord } from "./parsed-records.ts";
import {
  changedFiles,
  fromConfigMap,
  isRecord,
  toConfigMap,
  toRecordText,
  withContents,
} from "./record-config-map.ts";
import { Reflector } from "./reflector.ts";

/** What a {@link ConfigMapRecordStore} works with. */
export interface ConfigMapRecordStoreOptions {
  readonly client: KubeClient;
  /** Told of records that cannot be read, once for each. */
  readonly onWarning?: (message: string) => void;
}

type RecordKey = Pick<JobRecord, "namespace" | "name" | "uid">;

/**
 * Job records as ConfigMaps of one namespace; those of other namespaces it does not know. Reads are live, until somebody has
 * subscribed to changes: then they come from the watch as long as that stands, own writes included, and cost no call.
 *
 * Records that are read have no secrets: those are in the Secret. What `get` reads live and what `create` gives has the
 * contents of placed files; records from a list, a swap or the watch have empty ones, as pods mount the files from the ConfigMap.
 */
export class ConfigMapRecordStore implements RecordStore {
  readonly #client: KubeClient;
  readonly #claims: ClaimLock;
  readonly #parsed: ParsedRecords;
  readonly #listeners = new Set<() => void>();
  #reflector: Reflector<V1ConfigMap, ParsedRecord> | undefined;
  /** Under way, by the job's uid and the version that they start from. */
  readonly #swaps = new Map<string, Promise<JobRecord | undefined>>();
  #ordered: readonly JobRecord[] | undefined;
  #telling = false;

  constructor({ client, onWarning }: ConfigMapRecordStoreOptions) {
    this.#client = client;
    this.#claims = new ClaimLock(client);
    this.#parsed = new ParsedRecords(onWarning ?? (() => undefined));
  }

  /**
   * @throws ManagerError STATE_CONFLICT when there is a record of that name, JOB_BEING_DELETED while Kubernetes still deletes
   * one, JOB_EXISTS when a ConfigMap of that name is not a record; SPEC_INVALID when it is too large; or what `refuse` throws.
   */
  async create(record: NewJobRecord, refuse?: RefuseRecord): Promise<JobRecord> {
    this.#refuseOther(record.namespace);
    return this.#unlessRefused(refuse, async () => this.#create(record));
  }

  async #create(record: NewJobRecord): Promise<JobRecord> {
    const { name } = record;
    const object = toConfigMap(record);
    const path = this.#client.path("configmaps");
    const post = async (): Promise<V1ConfigMap> => this.#client.create(path, object);
    try {
      // The name is claimed once, whatever becomes of the answer: a second time it is taken, by this very record.
      const created = await post().catch(async (error: unknown) => {
        if (isUnanswered(error)) return post();
        throw error;
      });
      return this.#created(record, created);
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const existing = await this.#read(name);
      if (existing?.metadata?.labels?.[LABEL.uid] === record.uid)
        return this.#created(record, existing);
      throw this.#taken(name, existing);
    }
  }

  async get(namespace: string, name: string): Promise<JobRecord | undefined> {
    if (namespace !== this.#client.namespace) return undefined;
    if (this.#isFollowed()) return this.#reflector?.get(name)?.record;
    const object = await this.#read(name);
    const record = object && this.#parsed.parse(object)?.record;
    return record && withContents(record, object);
  }

  async list(filter: RecordFilter = {}): Promise<JobRecord[]> {
    const { namespace, active } = filter;
    if (namespace !== undefined && namespace !== this.#client.namespace) return [];
    const records = this.#isFollowed() ? this.#followed() : await this.#listLive();
    return active === undefined
      ? [...records]
      : records.filter((record) => isActive(record) === active);
  }

  async replace(record: JobRecord, refuse?: RefuseRecord): Promise<JobRecord | undefined> {
    return this.#unlessRefused(refuse, async () => this.#replace(record));
  }

  async #replace(record: JobRecord): Promise<JobRecord | undefined> {
    // Of two swaps from the same version only the first can succeed: the other need not be tried.
    if (this.#isOutdated(record)) return undefined;
    const key = `${record.uid}/${record.version}`;
    const other = this.#swaps.get(key);
    if (other) {
      await other.catch(() => undefined);
      return undefined;
    }
    const swap = this.#swap(record);
    this.#swaps.set(key, swap);
    try {
      return await swap;
    } finally {
      this.#swaps.delete(key);
    }
  }

  /** Stores while nobody else does who also has to look first; records are read live, as a watch may lag. */
  async #unlessRefused<T>(refuse: RefuseRecord | undefined, store: () => Promise<T>): Promise<T> {
    if (!refuse) return store();
    return this.#claims.run(async () => {
      refuse((await this.#listLive()).filter((record) => isActive(record)));
      return store();
    });
  }

  /** Whether a newer version has been seen here. */
  #isOutdated({ name, uid, version }: JobRecord): boolean {
    const known = this.#parsed.get(name)?.record;
    if (known?.uid !== uid || !this.#isFollowed()) return false;
    return [version, known.version].every((each) => /^\d+$/.test(each))
      ? BigInt(known.version) > BigInt(version)
      : false;
  }

  async #swap(record: JobRecord): Promise<JobRecord | undefined> {
    const owner = await this.owner(record);
    if (!owner) return undefined;
    const path = this.#client.path("configmaps", owner.name);
    const metadata = { uid: owner.uid, resourceVersion: record.version };
    try {
      const data = { record: toRecordText(record) };
      const patch = { metadata, data, ...changedFiles(record) };
      const stored = await this.#client.patch<V1ConfigMap>(path, patch);
      this.#take(stored);
      return { ...record, version: stored.metadata?.resourceVersion ?? "" };
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
      // Whoever tries again must not be given the same old state from the watch.
      await this.#refresh(record.name, owner.uid);
      return undefined;
    }
  }

  async remove(record: RecordKey): Promise<boolean> {
    const owner = await this.owner(record);
    if (!owner) return false;
    try {
      const path = this.#client.path("configmaps", owner.name);
      const removed = await this.#client.delete(path, { uid: owner.uid });
      this.#forget(record.name, owner.uid);
      return removed;
    } catch (error) {
      if (!isConflict(error)) throw error;
      await this.#refresh(record.name, owner.uid);
      return false;
    }
  }

  /** True when there is no record of that uid: Kubernetes itself collects what a removed one owned. Asks the cluster, unless the record is known. */
  async wasRemoved(uid: string): Promise<boolean> {
    if (this.#isFollowed() && this.#followed().some((record) => record.uid === uid)) return false;
    const labelSelector = selector({ [LABEL.component]: COMPONENT.record, [LABEL.uid]: uid });
    const query = { labelSelector, limit: 1 };
    for await (const page of this.#client.pages(this.#client.path("configmaps"), { query }))
      if (page.items.length > 0) return false;
    return true;
  }

  /** What owns the objects of a job; undefined when its record is gone. Asks the cluster only for a record that was never read here. */
  async owner(record: RecordKey): Promise<RecordOwner | undefined> {
    if (record.namespace !== this.#client.namespace) return undefined;
    const known = this.#parsed.get(record.name);
    const found = known?.record.uid === record.uid ? known : await this.#find(record.name);
    return found?.record.uid === record.uid
      ? { name: recordName(record), uid: found.objectUid }
      : undefined;
  }

  onChange(listener: () => void): () => void {
    // One function may listen twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    this.#reflector ??= this.#follow();
    return () => void this.#listeners.delete(own);
  }

  /** Ends the watch; the client is left to whoever made it. */
  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#claims.close();
    await this.#reflector?.close();
  }

  #follow(): Reflector<V1ConfigMap, ParsedRecord> {
    const reflector = new Reflector<V1ConfigMap, ParsedRecord>({
      client: this.#client,
      path: this.#client.path("configmaps"),
      labelSelector: selector({ [LABEL.component]: COMPONENT.record }),
      slim: (object) => this.#parsed.parse(object),
    });
    reflector.onChange((event) => {
      if (event.type === "deleted") this.#parsed.delete(event.name, event.object.objectUid);
      this.#ordered = undefined;
      this.#tellSoon();
    });
    return reflector;
  }

  /** Whether the watch shows what is there now. */
  #isFollowed(): boolean {
    return this.#reflector?.current === true;
  }

  #followed(): readonly JobRecord[] {
    this.#ordered ??= (this.#reflector?.values() ?? [])
      .map(({ record }) => record)
      .toSorted(byTimeAndName);
    return this.#ordered;
  }

  async #listLive(): Promise<readonly JobRecord[]> {
    const labelSelector = selector({ [LABEL.component]: COMPONENT.record });
    const path = this.#client.path("configmaps");
    const records: JobRecord[] = [];
    for await (const page of this.#client.pages<V1ConfigMap>(path, { query: { labelSelector } })) {
      for (const object of page.items) {
        const parsed = this.#parsed.parse(object);
        if (parsed) records.push(parsed.record);
      }
    }
    return records.toSorted(byTimeAndName);
  }

  async #read(name: string): Promise<V1ConfigMap | undefined> {
    return this.#client.find<V1ConfigMap>(this.#client.path("configmaps", name));
  }

  async #find(name: string): Promise<ParsedRecord | undefined> {
    const object = await this.#read(name);
    return object && this.#parsed.parse(object);
  }

  async #refresh(name: string, uid: string): Promise<void> {
    const current = await this.#read(name);
    if (current?.metadata?.uid !== uid) this.#forget(name, uid);
    if (current) this.#take(current);
  }

  #take(object: V1ConfigMap): void {
    this.#parsed.parse(object);
    this.#reflector?.upsert(object);
  }

  #forget(name: string, uid: string): void {
    this.#parsed.delete(name, uid);
    this.#reflector?.evict(name, uid);
  }

  #taken(name: string, existing: V1ConfigMap | undefined): ManagerError {
    const { namespace } = this.#client;
    const details = { name, namespace };
    if (existing && !isRecord(existing)) {
      return new ManagerError(
        "JOB_EXISTS",
        `The name ${name} cannot be used in namespace ${namespace}: a ConfigMap of that name which is not JuliaRun's is in the way.`,
        { details, hint: "Choose another name for the job, or rename the ConfigMap." },
      );
    }
    if (existing?.metadata?.deletionTimestamp) {
      return new ManagerError(
        "JOB_BEING_DELETED",
        `Job ${name} in namespace ${namespace} is being deleted.`,
        { details },
      );
    }
    const record = existing && fromConfigMap(existing);
    if (typeof record === "string") {
      return new ManagerError(
        "JOB_EXISTS",
        `A job ${name} exists in namespace ${namespace}, and its record cannot be read: ${record}.`,
        { details, hint: "Use the version of JuliaRun that submitted it, or choose another name." },
      );
    }
    return new ManagerError(
      "STATE_CONFLICT",
      `A record of job ${name} exists in namespace ${namespace}.`,
      { details: { record } },
    );
  }

  #created(record: NewJobRecord, object: V1ConfigMap): JobRecord {
    this.#take(object);
    return { ...record, version: object.metadata?.resourceVersion ?? "" };
  }

  #refuseOther(namespace: string): void {
    if (namespace === this.#client.namespace) return;
    throw new ManagerError(
      "INTERNAL",
      `A record of namespace ${namespace} was given to the store of ${this.#client.namespace}.`,
    );
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

function byTimeAndName(a: JobRecord, b: JobRecord): number {
  return a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1);
}

function isActive({ outcome, deletionRequestedAt, plan }: JobRecord): boolean {
  return !outcome || deletionRequestedAt !== undefined || plan.keepAfterFinishSeconds !== undefined;
}
