import {
  ManagerError,
  type JobRecord,
  type NewJobRecord,
  type RecordFilter,
  type RecordStore,
  type RefuseRecord,
} from "@juliarun/core";
import { StateFile, type StateSession } from "./state-file.ts";
import { sqliteProblem } from "./state-errors.ts";
import { StateWatch } from "./state-watch.ts";

/** Removed jobs are remembered so long: containers of theirs that come back until then are known as leftovers. */
const TOMBSTONE_MS = 90 * 24 * 3600 * 1000;

/** Records kept in memory; all of them are a few kilobytes each. */
const MAX_KNOWN = 10_000;

const SCHEMA = `
CREATE TABLE records (
  namespace TEXT NOT NULL, name TEXT NOT NULL, uid TEXT NOT NULL UNIQUE, version INTEGER NOT NULL,
  created_at INTEGER NOT NULL, active INTEGER NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (namespace, name)
) WITHOUT ROWID;
CREATE INDEX active_records ON records (active, created_at);
CREATE TABLE removed (uid TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`;

const INSERT = `INSERT INTO records (namespace, name, uid, version, created_at, active, body)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;
const SELECT_ONE = "SELECT version, body FROM records WHERE namespace = ? AND name = ?";
const SELECT_VERSIONS = `SELECT uid, version FROM records
  WHERE (?1 IS NULL OR namespace = ?1) AND (?2 IS NULL OR active = ?2) ORDER BY created_at, name`;
const SELECT_BODY = "SELECT version, body FROM records WHERE uid = ?";
const UPDATE = `UPDATE records SET version = ?, active = ?, body = ?
  WHERE namespace = ? AND name = ? AND uid = ? AND version = ?`;
const DELETE = "DELETE FROM records WHERE namespace = ? AND name = ? AND uid = ?";

/** How a {@link SqliteRecordStore} is opened. */
export interface SqliteRecordStoreOptions {
  readonly file: string;
  /** Who a new file belongs to, see {@link SqliteRecordStore.owner}. */
  readonly owner: string;
  /** What a new file begins with: records rebuilt from the engine. Called only for a file that did not exist, or was lost or damaged. */
  readonly recover: () => Promise<readonly NewJobRecord[]>;
  readonly onWarning: (message: string) => void;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

/** Job records in an SQLite file that all processes of a user share. */
export class SqliteRecordStore implements RecordStore {
  readonly #options: SqliteRecordStoreOptions;
  readonly #file: StateFile;
  readonly #watch: StateWatch;
  /** By uid: lists read most records again and again, and few of them change. A version never comes back with other content. */
  readonly #known = new Map<string, JobRecord>();
  #filling: Promise<void> | undefined;

  constructor(options: SqliteRecordStoreOptions) {
    this.#options = options;
    const { file, onWarning } = options;
    this.#file = new StateFile({ file, schema: SCHEMA, schemaVersion: 1, onWarning });
    this.#watch = new StateWatch(this.#file, file);
  }

  /**
   * Marks the containers of this file's jobs on an engine that several people share: only those are rebuilt into it when it
   * was lost. Kept in the file, so that a folder can be moved.
   */
  owner(): string {
    return this.#file.run(({ statement }) => {
      statement("INSERT OR IGNORE INTO meta (key, value) VALUES ('owner', ?)").run(
        this.#options.owner,
      );
      return String(statement("SELECT value FROM meta WHERE key = 'owner'").get()?.["value"]);
    }, "write");
  }

  async create(record: NewJobRecord, refuse?: RefuseRecord): Promise<JobRecord> {
    try {
      return await this.#change((session) => {
        const created = insert(session, record, this.#now());
        if (refuse) this.#refuseBeside(session, record.uid, refuse);
        return created;
      });
    } catch (error) {
      if (!(error instanceof NameTaken)) throw error;
      const { name, namespace } = record;
      throw new ManagerError(
        "STATE_CONFLICT",
        `A record of job ${name} exists in namespace ${namespace}.`,
        { details: { record: await this.get(namespace, name) } },
      );
    }
  }

  #refuseBeside(session: StateSession, own: string, refuse: RefuseRecord): void {
    // Itself is not read: a version that is refused must not be remembered.
    const others = session
      .statement(SELECT_VERSIONS)
      .all(null, 1)
      .filter(({ uid }) => uid !== own);
    refuse(
      others.flatMap(({ uid, version }) => this.#read(session, String(uid), String(version)) ?? []),
    );
  }

  async get(namespace: string, name: string): Promise<JobRecord | undefined> {
    return this.#use(({ statement }) => toRecord(statement(SELECT_ONE).get(namespace, name)));
  }

  async list(filter: RecordFilter = {}): Promise<JobRecord[]> {
    return this.#use((session) => this.#list(session, filter));
  }

  #list(session: StateSession, filter: RecordFilter): JobRecord[] {
    const active = filter.active === undefined ? null : Number(filter.active);
    return session
      .statement(SELECT_VERSIONS)
      .all(filter.namespace ?? null, active)
      .flatMap(({ uid, version }) => this.#read(session, String(uid), String(version)) ?? []);
  }

  /** Undefined when another process has removed it since its version was read. */
  #read({ statement }: StateSession, uid: string, version: string): JobRecord | undefined {
    const known = this.#known.get(uid);
    if (known?.version === version) return known;
    const record = toRecord(statement(SELECT_BODY).get(uid));
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    if (record) this.#known.set(uid, record);
    return record;
  }

  async replace(record: JobRecord, refuse?: RefuseRecord): Promise<JobRecord | undefined> {
    const { namespace, name, uid } = record;
    const version = Number(record.version);
    return this.#change((session) => {
      const { changes } = session
        .statement(UPDATE)
        .run(version + 1, isActive(record), toBody(record), namespace, name, uid, version);
      if (changes === 0) return undefined;
      if (refuse) this.#refuseBeside(session, uid, refuse);
      return { ...record, version: String(version + 1) };
    });
  }

  async remove(record: Pick<JobRecord, "namespace" | "name" | "uid">): Promise<boolean> {
    const now = this.#now();
    return this.#change(({ statement }) => {
      const { changes } = statement(DELETE).run(record.namespace, record.name, record.uid);
      if (changes === 0) return false;
      statement("INSERT OR REPLACE INTO removed (uid, at) VALUES (?, ?)").run(record.uid, now);
      statement("DELETE FROM removed WHERE at < ?").run(now - TOMBSTONE_MS);
      return true;
    });
  }

  async wasRemoved(uid: string): Promise<boolean> {
    return this.#use(
      ({ statement }) => statement("SELECT 1 FROM removed WHERE uid = ?").get(uid) !== undefined,
    );
  }

  onChange(listener: () => void): () => void {
    return this.#watch.subscribe(listener);
  }

  async close(): Promise<void> {
    this.#watch.close();
    this.#file.close();
  }

  #now(): number {
    return this.#options.now?.() ?? Date.now();
  }

  async #change<T>(work: (session: StateSession) => T): Promise<T> {
    const result = await this.#use(work, "write");
    this.#watch.tell();
    return result;
  }

  /** A file that is new, for whatever reason, is filled with what the engine still has before anything else is done with it. */
  async #use<T>(
    work: (session: StateSession) => T,
    transaction: "read" | "write" = "read",
  ): Promise<T> {
    for (;;) {
      const done = this.#file.run(
        (session) => (isFilled(session) ? { result: work(session) } : undefined),
        transaction,
      );
      if (done) return done.result;
      this.#filling ??= this.#fill().finally(() => (this.#filling = undefined));
      await this.#filling;
    }
  }

  async #fill(): Promise<void> {
    const recovered = await this.#options.recover();
    this.#file.run((session) => {
      // Another process may have been quicker.
      if (isFilled(session)) return;
      for (const record of recovered) insert(session, record, this.#now());
      session.statement("INSERT INTO meta (key, value) VALUES ('filled', 'true')").run();
    }, "write");
    this.#watch.tell();
  }
}

/** The name belongs to another record. */
class NameTaken extends Error {}

function isFilled({ statement }: StateSession): boolean {
  return statement("SELECT 1 FROM meta WHERE key = 'filled'").get() !== undefined;
}

/** Versions begin at the time of insertion: a record that was rebuilt never has a version that it had before. */
function insert({ statement }: StateSession, record: NewJobRecord, now: number): JobRecord {
  const { namespace, name, uid, createdAt } = record;
  const created = { ...record, version: String(now) };
  try {
    statement(INSERT).run(namespace, name, uid, now, createdAt, isActive(created), toBody(created));
    return created;
  } catch (error) {
    throw sqliteProblem(error) === "constraint" ? new NameTaken() : error;
  }
}

function isActive(record: NewJobRecord): number {
  const { outcome, deletionRequestedAt, plan } = record;
  return Number(
    outcome === undefined ||
      deletionRequestedAt !== undefined ||
      plan.keepAfterFinishSeconds !== undefined,
  );
}

function toBody(record: JobRecord): string {
  return JSON.stringify({ ...record, version: undefined });
}

function toRecord(row: Record<string, unknown> | undefined): JobRecord | undefined {
  if (!row) return undefined;
  return { ...JSON.parse(String(row["body"])), version: String(row["version"]) } as JobRecord;
}
