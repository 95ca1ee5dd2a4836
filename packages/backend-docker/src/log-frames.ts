import type { LogStream } from "@juliarun/core";

/** Told of every whole line; `bytes` may be a part of a larger buffer. */
export type OnLine = (stream: LogStream, timeNs: bigint, bytes: Uint8Array) => void;

const HEADER_BYTES = 8;
/** `2026-11-23T11:51:16.212904863Z` */
const SECOND_CHARS = 19;
const STAMP_CHARS = 30;
const NEWLINE = 0x0a;
const ZERO = 0x30;
const STDERR = 2;
/** The engine cuts longer lines into pieces of just this size. */
const PIECE_BYTES = 16_384;
/** A line without end is given out in parts of about this size, so that memory stays bounded. */
const LINE_LIMIT_BYTES = 16 * 1024 * 1024;

interface Unfinished {
  readonly timeNs: bigint;
  readonly pieces: Uint8Array[];
  bytes: number;
}

/**
 * Decodes what the engine sends of a container's log with timestamps: frames of one message each, stdout and stderr
 * apart. Lines that the engine has cut into pieces, all with the time of the first, are joined. Bytes stay as they are.
 */
export class LogFrames {
  readonly #onLine: OnLine;
  readonly #unfinished: Record<LogStream, Unfinished | undefined> = {
    stdout: undefined,
    stderr: undefined,
  };
  #rest: Buffer = Buffer.alloc(0);
  readonly #second = Buffer.alloc(SECOND_CHARS);
  #secondNs = 0n;
  #messages = 0;

  constructor(onLine: OnLine) {
    this.#onLine = onLine;
  }

  /** Messages so far, as the engine counts them. */
  get messages(): number {
    return this.#messages;
  }

  push(chunk: Buffer): void {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (data.length - at >= HEADER_BYTES) {
      const end = at + HEADER_BYTES + data.readUInt32BE(at + 4);
      if (end > data.length) break;
      this.#message(data[at] === STDERR ? "stderr" : "stdout", data, at + HEADER_BYTES, end);
      at = end;
    }
    this.#rest = at === data.length ? Buffer.alloc(0) : data.subarray(at);
  }

  /** Nothing follows: the program has ended. What has no end yet is a line too. */
  end(): void {
    this.#finish("stdout");
    this.#finish("stderr");
  }

  #message(stream: LogStream, data: Buffer, start: number, end: number): void {
    this.#messages++;
    const timeNs = this.#time(data, start);
    const from = start + STAMP_CHARS + 1;
    const closed = end > from && data[end - 1] === NEWLINE;
    const bytes = data.subarray(from, closed ? end - 1 : end);
    const before = this.#unfinished[stream];
    if (before && before.timeNs !== timeNs) this.#finish(stream);
    const open = this.#unfinished[stream];
    // Engines before 23 do not close a line that was cut, but its last piece is shorter.
    if (!closed && bytes.length === PIECE_BYTES) {
      const line = open ?? (this.#unfinished[stream] = { timeNs, pieces: [], bytes: 0 });
      line.pieces.push(bytes);
      line.bytes += bytes.length;
      if (line.bytes >= LINE_LIMIT_BYTES) this.#finish(stream);
    } else if (open) {
      open.pieces.push(bytes);
      this.#finish(stream);
    } else {
      this.#onLine(stream, timeNs, bytes);
    }
  }

  #finish(stream: LogStream): void {
    const line = this.#unfinished[stream];
    if (!line) return;
    this.#unfinished[stream] = undefined;
    this.#onLine(stream, line.timeNs, Buffer.concat(line.pieces));
  }

  /** Many lines share a second, so its value is kept. */
  #time(data: Buffer, start: number): bigint {
    if (data.compare(this.#second, 0, SECOND_CHARS, start, start + SECOND_CHARS) !== 0) {
      data.copy(this.#second, 0, start, start + SECOND_CHARS);
      const text = this.#second.toString("latin1");
      this.#secondNs = BigInt(Date.parse(`${text}Z`)) * 1_000_000n;
    }
    let nanoseconds = 0;
    for (let at = start + SECOND_CHARS + 1; at < start + STAMP_CHARS - 1; at++) {
      nanoseconds = nanoseconds * 10 + ((data[at] ?? ZERO) - ZERO);
    }
    return this.#secondNs + BigInt(nanoseconds);
  }
}
