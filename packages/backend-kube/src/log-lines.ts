import type { LogStream } from "@juliarun/core";
import { behindMark, findBegin, findEnd, unmark } from "./log-marks.ts";
import { parseTimeNs } from "./log-time.ts";

/** Takes one line of a unit's output. */
export type OnLine = (stream: LogStream, timeNs: bigint, line: Uint8Array) => void;

const NEWLINE = 0x0a;
const SPACE = 0x20;
/** A container runtime writes longer lines in pieces of this size, in bytes. */
const PIECE = 16_384;

interface Begun {
  readonly timeNs: bigint;
  readonly parts: Buffer[];
}

/**
 * Cuts a container's log, as the API gives it with timestamps, into lines of stdout and of stderr.
 *
 * The API glues pieces of the runtime's log that have no newline to what comes next, whichever stream that is from: a last
 * line without newline, and all but the last piece of a long line. Only the first of them shows its time. The marks around
 * lines of stderr and the size of pieces tell them apart.
 */
export class LogLines {
  readonly #onLine: OnLine;
  #rest: Buffer[] = [];
  #pieces = 0;
  /** A long line of stdout, or of stderr, in whose middle the other stream wrote. */
  #stdout: Begun | undefined;
  #stderr: Begun | undefined;

  constructor(onLine: OnLine) {
    this.#onLine = onLine;
  }

  /** Messages of the runtime's log so far, about: `tailLines` counts these. */
  get messages(): number {
    return this.#pieces;
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      const line = bytes.subarray(start, end);
      this.#take(this.#rest.length === 0 ? line : Buffer.concat([...this.#rest, line]));
      this.#rest = [];
      start = end + 1;
    }
    if (start < bytes.length) this.#rest.push(bytes.subarray(start));
  }

  /** The output has ended: what has no newline is a line too. */
  end(): void {
    const rest = Buffer.concat(this.#rest);
    this.#rest = [];
    if (rest.length > 0) this.#take(rest);
    if (this.#stdout) this.#giveStdout(this.#stdout.timeNs, Buffer.alloc(0));
    if (this.#stderr) this.#giveStderr(this.#stderr.timeNs, Buffer.alloc(0));
  }

  #take(line: Buffer): void {
    const space = line.indexOf(SPACE);
    const timeNs = space < 0 ? undefined : parseTimeNs(line.toString("latin1", 0, space));
    // The rest of a line that began before the time asked for, or a word of the node's about a log that is gone.
    if (timeNs === undefined) return;
    const content = line.subarray(space + 1);
    this.#pieces += Math.max(1, Math.ceil(content.length / PIECE));
    this.#split(timeNs, content);
  }

  #split(timeNs: bigint, content: Buffer): void {
    let rest = content;
    do {
      const begin = findBegin(rest, 0);
      const used =
        begin === 0 ? this.#takeMarked(timeNs, rest) : this.#takeUnmarked(timeNs, rest, begin);
      rest = rest.subarray(used);
    } while (rest.length > 0);
  }

  /** What begins with a mark. Returns how much of it was taken. */
  #takeMarked(timeNs: bigint, bytes: Buffer): number {
    const end = findEnd(bytes, 1);
    if (end >= 0) {
      this.#onLine("stderr", timeNs, unmark(bytes.subarray(0, end)));
      return behindMark(end);
    }
    const pieces = bytes.length - (bytes.length % PIECE);
    if (pieces === 0) {
      this.#onLine("stderr", timeNs, unmark(bytes));
      return bytes.length;
    }
    // The end comes later, behind a line of stdout.
    this.#stderr = { timeNs, parts: [bytes.subarray(0, pieces)] };
    if (pieces === bytes.length) this.#giveStdout(timeNs, Buffer.alloc(0));
    return pieces;
  }

  /** What begins without a mark; `begin` is where the next one is. Returns how much of it was taken. */
  #takeUnmarked(timeNs: bigint, bytes: Buffer, begin: number): number {
    const end = this.#stderr ? findEnd(bytes, 0) : -1;
    if (end >= 0 && (begin < 0 || end < begin)) {
      this.#giveStderr(timeNs, bytes.subarray(0, end));
      return behindMark(end);
    }
    if (begin < 0) {
      this.#giveStdout(timeNs, bytes);
      return bytes.length;
    }
    const line = bytes.subarray(0, begin);
    if (begin % PIECE === 0) {
      this.#stdout ??= { timeNs, parts: [] };
      this.#stdout.parts.push(line);
    } else {
      this.#giveStdout(timeNs, line);
    }
    return begin;
  }

  #giveStdout(timeNs: bigint, line: Buffer): void {
    const begun = this.#stdout;
    this.#stdout = undefined;
    if (begun) this.#onLine("stdout", begun.timeNs, Buffer.concat([...begun.parts, line]));
    else this.#onLine("stdout", timeNs, line);
  }

  #giveStderr(timeNs: bigint, line: Buffer): void {
    const begun = this.#stderr;
    this.#stderr = undefined;
    const whole = Buffer.concat([...(begun?.parts ?? []), line]);
    this.#onLine("stderr", begun?.timeNs ?? timeNs, unmark(whole));
  }
}
