/** Which of a unit's outputs. */
export type LogStream = "stdout" | "stderr";

/** One line of a unit's output. */
export interface LogEntry {
  readonly job: string;
  /** `master` or `worker-<index>`. */
  readonly unit: string;
  /** Number of the unit's container, from 0. */
  readonly attempt: number;
  readonly stream: LogStream;
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint;
  /** The line's bytes without its newline; not necessarily UTF-8. */
  readonly line: Uint8Array;
  /** Opaque place in the log: a query `since` it yields what comes after it in this unit's stream. */
  readonly cursor: string;
}

/** What to read. Everything of the namespace where no job is named (manual: `tail(ctx)`). */
export interface LogQuery {
  readonly job?: string;
  /** `master` or `worker-<index>`; all units where absent. */
  readonly unit?: string;
  /** Both streams where absent. */
  readonly stream?: LogStream;
  /** Number of last entries; 0 or absent: all that is kept. */
  readonly count?: number;
  /** Keep reading until the job is finished or deleted, or the signal aborts. */
  readonly follow?: boolean;
  /** Resume after these places (any number of streams): from {@link LogEntry.cursor}. */
  readonly cursors?: readonly string[];
  /** Only entries at or after this time, nanoseconds since 1970. */
  readonly sinceNs?: bigint;
}

/**
 * Entries in batches, which keeps reading fast. Within one unit's stream the order is the output's;
 * across streams it is by time as far as they are already known. Without `follow` the merge is exact.
 */
export type LogBatches = AsyncIterable<readonly LogEntry[]>;
