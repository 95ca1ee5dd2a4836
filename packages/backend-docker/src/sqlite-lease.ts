import { randomUUID } from "node:crypto";
import type { Lease } from "@juliarun/core";
import { isDead, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { StateFile } from "./state-file.ts";

const TTL_MS = 10_000;
const RENEW_MS = 3000;
/** How soon the death of another holder is noticed. */
const LOOK_MS = 500;

const SCHEMA = `CREATE TABLE leases (
  name TEXT PRIMARY KEY, holder TEXT NOT NULL, pid INTEGER NOT NULL, host TEXT NOT NULL, started TEXT NOT NULL,
  expires INTEGER NOT NULL
) WITHOUT ROWID`;
const SELECT = "SELECT holder, pid, host, started, expires FROM leases WHERE name = ?";
const UPSERT = `INSERT OR REPLACE INTO leases (name, holder, pid, host, started, expires)
  VALUES (?, ?, ?, ?, ?, ?)`;
const RENEW = "UPDATE leases SET expires = ? WHERE name = ? AND holder = ?";
const DELETE = "DELETE FROM leases WHERE name = ? AND holder = ?";

/** Which lease, and where it is kept. */
export interface SqliteLeaseOptions {
  /** Beside the records, in a file of its own: renewals are no changes of records. */
  readonly file: string;
  readonly name: string;
  /** For tests. */
  readonly ttlMs?: number;
}

interface Row {
  readonly holder: string;
  readonly expires: number;
  readonly process: ProcessIdentity;
}

/** A lease in an SQLite file: one row a name. A holder that was killed loses it at once on the same machine, else when its time is over. */
export class SqliteLease implements Lease {
  readonly #file: StateFile;
  readonly #name: string;
  readonly #ttlMs: number;
  readonly #holder = randomUUID();
  readonly #own = ownIdentity();
  readonly #listeners = new Set<() => void>();
  /** By both clocks, as either may stand still or jump. */
  #until: { readonly wall: number; readonly monotonic: number } | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #look: NodeJS.Timeout | undefined;

  constructor({ file, name, ttlMs = TTL_MS }: SqliteLeaseOptions) {
    this.#file = new StateFile({
      file,
      schema: SCHEMA,
      schemaVersion: 1,
      onWarning: () => undefined,
    });
    this.#name = name;
    this.#ttlMs = ttlMs;
  }

  async acquire(): Promise<boolean> {
    const until = this.#next();
    const acquired = this.#file.run(({ statement }) => {
      const row = toRow(statement(SELECT).get(this.#name));
      if (row && row.holder !== this.#holder && !this.#isFree(row)) return false;
      const { pid, host, started } = this.#own;
      statement(UPSERT).run(this.#name, this.#holder, pid, host, started, until.wall);
      return true;
    }, "write");
    if (acquired) this.#keep(until);
    else this.#lose();
    return acquired;
  }

  held(): boolean {
    if (!this.#until) return false;
    const inTime = Date.now() < this.#until.wall && performance.now() < this.#until.monotonic;
    // A deleted file binds nobody else.
    return inTime && this.#file.isCurrent();
  }

  async release(): Promise<void> {
    if (!this.#until) return;
    this.#lose();
    this.#file.run(({ statement }) => statement(DELETE).run(this.#name, this.#holder), "write");
  }

  onFree(listener: () => void): () => void {
    this.#listeners.add(listener);
    this.#look ??= setInterval(() => this.#tellIfFree(), LOOK_MS).unref();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#look);
      this.#look = undefined;
    };
  }

  /** Whether another holder, in this process or another one, has it now. */
  async takenByOther(): Promise<boolean> {
    const row = this.#read();
    return row !== undefined && row.holder !== this.#holder && !this.#isFree(row);
  }

  /** Gives it up and closes the file. */
  async close(): Promise<void> {
    await this.release();
    clearInterval(this.#look);
    this.#file.close();
  }

  #read(): Row | undefined {
    return this.#file.run(({ statement }) => toRow(statement(SELECT).get(this.#name)));
  }

  #isFree(row: Row): boolean {
    return row.expires <= Date.now() || isDead(row.process, this.#own);
  }

  #next(): { wall: number; monotonic: number } {
    return { wall: Date.now() + this.#ttlMs, monotonic: performance.now() + this.#ttlMs };
  }

  #keep(until: { wall: number; monotonic: number }): void {
    this.#until = until;
    this.#renewal ??= setInterval(() => this.#renew(), Math.min(RENEW_MS, this.#ttlMs / 3)).unref();
  }

  #lose(): void {
    this.#until = undefined;
    clearInterval(this.#renewal);
    this.#renewal = undefined;
  }

  #renew(): void {
    const until = this.#next();
    try {
      const { changes } = this.#file.run(({ statement }) =>
        statement(RENEW).run(until.wall, this.#name, this.#holder),
      );
      if (changes === 0) this.#lose();
      else this.#until = until;
    } catch {
      // A full disk or a busy file: tried again until the time is over.
    }
  }

  #tellIfFree(): void {
    if (this.#until) return;
    try {
      const row = this.#read();
      if (row && !this.#isFree(row)) return;
    } catch {
      return;
    }
    for (const listener of this.#listeners) listener();
  }
}

function toRow(row: Record<string, unknown> | undefined): Row | undefined {
  if (!row) return undefined;
  return {
    holder: String(row["holder"]),
    expires: Number(row["expires"]),
    process: {
      pid: Number(row["pid"]),
      host: String(row["host"]),
      started: String(row["started"]),
    },
  };
}
