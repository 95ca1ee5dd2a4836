import type { LogStream } from "../logs/log-entry.ts";

/** A line as the simulated engine keeps it. */
export interface MemoryLogLine {
  readonly stream: LogStream;
  /** Nanoseconds since 1970, never less than that of the line before. */
  readonly timeNs: bigint;
  readonly line: Uint8Array;
}

const NEWLINE = 0x0a;

/** Output of one container over all its starts, cut into lines. */
export class MemoryLog {
  readonly lines: MemoryLogLine[] = [];
  readonly #unfinished = new Map<LogStream, Uint8Array>();
  readonly #nowNs: () => bigint;
  readonly #changed: () => void;

  constructor(nowNs: () => bigint, changed: () => void) {
    this.#nowNs = nowNs;
    this.#changed = changed;
  }

  write(stream: LogStream, bytes: Uint8Array): void {
    const before = this.#unfinished.get(stream);
    const text = before ? Buffer.concat([before, bytes]) : bytes;
    let start = 0;
    for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
      this.#append(stream, text.subarray(start, end));
      start = end + 1;
    }
    if (start < text.length) this.#unfinished.set(stream, text.subarray(start));
    else this.#unfinished.delete(stream);
    if (start > 0) this.#changed();
  }

  /** The program has ended: what has no newline is a line too. */
  end(): void {
    for (const [stream, line] of this.#unfinished) this.#append(stream, line);
    this.#unfinished.clear();
    this.#changed();
  }

  #append(stream: LogStream, line: Uint8Array): void {
    const now = this.#nowNs();
    const last = this.lines.at(-1)?.timeNs ?? now;
    this.lines.push({ stream, timeNs: now > last ? now : last, line });
  }
}
