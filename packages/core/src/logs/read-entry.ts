import { encodeCursorOf } from "./cursor.ts";
import type { LogEntry, LogStream } from "./log-entry.ts";

/** Whose line an entry is. */
export type EntrySource = Pick<LogEntry, "job" | "unit" | "attempt">;

/** An entry as it was read. Most readers never ask for its cursor, which costs more to make than all the rest. */
export class ReadEntry implements LogEntry {
  readonly job: string;
  readonly unit: string;
  readonly attempt: number;
  readonly stream: LogStream;
  readonly timeNs: bigint;
  readonly line: Uint8Array;
  readonly #prefix: string;
  readonly #ordinal: number;

  /** @param prefix - see `cursorPrefix()`. */
  constructor(
    source: EntrySource,
    stream: LogStream,
    timeNs: bigint,
    line: Uint8Array,
    prefix: string,
    ordinal: number,
  ) {
    this.job = source.job;
    this.unit = source.unit;
    this.attempt = source.attempt;
    this.stream = stream;
    this.timeNs = timeNs;
    this.line = line;
    this.#prefix = prefix;
    this.#ordinal = ordinal;
  }

  get cursor(): string {
    return encodeCursorOf(this.#prefix, this.timeNs, this.#ordinal);
  }
}
