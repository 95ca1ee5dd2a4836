import { chmodSync, closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { sqliteProblem, toStateError } from "./state-errors.ts";
import { ManagerError } from "@juliarun/core";

/** Longest wait for another process's transaction; those take milliseconds. */
const BUSY_TIMEOUT_MS = 5000;
const WAL_RETRY_MS = 20;
const WAL_RETRIES = 250;

/** What a {@link StateFile} holds. */
export interface StateFileOptions {
  readonly file: string;
  /** Makes the tables of an empty file. */
  readonly schema: string;
  /** Of the tables' layout, kept in the file. */
  readonly schemaVersion: number;
  /** Told when the file was damaged and had to be put aside. */
  readonly onWarning: (message: string) => void;
}

/**
 * An SQLite file that several processes use at once. When somebody deletes it while it is open, or it is damaged, it is
 * made anew: {@link StateFile.generation} then changes. Only its owner can read it.
 */
export class StateFile {
  readonly #options: StateFileOptions;
  #open: OpenFile | undefined;
  #generation = 0;

  constructor(options: StateFileOptions) {
    this.#options = options;
  }

  /** Counts how often the file was opened: after a change everything that was known of it may be wrong. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether the opened file is still the one at its path. */
  isCurrent(): boolean {
    return this.#open !== undefined && inodeOf(this.#options.file) === this.#open.inode;
  }

  /**
   * Runs statements; writers one after another, also between processes. A damaged file is put aside and the work done once
   * more on the new one.
   * @throws ManagerError when the disk is full, the file cannot be written, …
   */
  run<T>(work: (session: StateSession) => T, transaction: "read" | "write" = "read"): T {
    try {
      return this.#attempt(work, transaction);
    } catch (error) {
      if (!isDamage(error)) throw toStateError(error, this.#options.file);
      this.#replaceDamaged(error);
      return this.#attempt(work, transaction);
    }
  }

  /** Changes whenever another connection has committed. */
  dataVersion(): unknown {
    return this.run(({ statement }) => statement("PRAGMA data_version").get()?.["data_version"]);
  }

  close(): void {
    this.#open?.db.close();
    this.#open = undefined;
  }

  #attempt<T>(work: (session: StateSession) => T, transaction: "read" | "write"): T {
    const { db, session } = this.#current();
    if (transaction === "read") return work(session);
    db.exec("BEGIN IMMEDIATE");
    try {
      const result = work(session);
      db.exec("COMMIT");
      return result;
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }

  #current(): OpenFile {
    if (this.#open && this.isCurrent()) return this.#open;
    this.close();
    this.#open = this.#openFile();
    this.#generation++;
    return this.#open;
  }

  #openFile(): OpenFile {
    const { file, schema, schemaVersion } = this.#options;
    try {
      const folder = dirname(file);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
      // SQLite gives its other files the same mode.
      closeSync(openSync(file, "a", 0o600));
      const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
      const inode = inodeOf(file);
      useWriteAheadLog(db);
      db.exec("PRAGMA synchronous = NORMAL");
      makeTables(db, schema, schemaVersion, file);
      return { db, inode, session: new StateSession(db) };
    } catch (error) {
      if (!isDamage(error)) throw toStateError(error, file);
      this.#replaceDamaged(error);
      return this.#openFile();
    }
  }

  /** Puts the damaged file aside, unless another process has done so already. */
  #replaceDamaged(error: unknown): void {
    const { file, onWarning } = this.#options;
    const damaged = this.#open?.inode ?? inodeOf(file);
    this.close();
    const guard = new DatabaseSync(join(dirname(file), "guard.sqlite"), {
      timeout: BUSY_TIMEOUT_MS,
    });
    try {
      // An empty database as a lock: the system frees it when its holder dies.
      guard.exec("BEGIN EXCLUSIVE");
      if (damaged === undefined || inodeOf(file) !== damaged) return;
      const aside = `${file}.damaged-${Date.now()}`;
      renameSync(file, aside);
      for (const suffix of ["-wal", "-shm"]) rmSync(file + suffix, { force: true });
      onWarning(
        `The state file ${file} was damaged (${String(error)}). It is kept as ${basename(aside)}; a new one is rebuilt from the engine's containers.`,
      );
    } finally {
      guard.close();
    }
  }
}

interface OpenFile {
  readonly db: DatabaseSync;
  readonly inode: string | undefined;
  readonly session: StateSession;
}

/** One opened file: all statements of a piece of work run on it, whatever happens at its path meanwhile. */
export class StateSession {
  readonly #statements = new Map<string, StatementSync>();
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Prepared once. */
  readonly statement = (sql: string): StatementSync => {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  };
}

function isDamage(error: unknown): boolean {
  const problem = sqliteProblem(error);
  return problem === "corrupt" || problem === "notADatabase";
}

function inodeOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

/** Two processes that open a new file at once may disturb each other here. */
function useWriteAheadLog(db: DatabaseSync): void {
  for (let attempt = 1; ; attempt++) {
    try {
      db.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (sqliteProblem(error) !== "busy" || attempt === WAL_RETRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_RETRY_MS);
    }
  }
}

function makeTables(db: DatabaseSync, schema: string, version: number, file: string): void {
  const found = (): number => Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (found() === version) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    if (found() === 0) db.exec(`${schema}; PRAGMA user_version = ${version}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
  if (found() === version) return;
  throw new ManagerError(
    "CONFIG_INVALID",
    `The state file ${file} has layout ${found()}; this version of jrun knows ${version}.`,
    { hint: "Update jrun, or use another folder with JRUN_STATE_DIR." },
  );
}
