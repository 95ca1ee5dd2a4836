import { RUNTIME_DIR } from "@juliarun/core";

/** Path in a container of the wrapper that runs any command with marked stderr: `/bin/sh <this> command [argument...]`. */
export const MARK_WRAPPER = `${RUNTIME_DIR}/mark.sh`;

/** First byte of every mark. */
const MARK = 0x1e;
const LAST = 0x1f;
const PLAIN = "e".charCodeAt(0);
const WITHOUT_NUL = "z".charCodeAt(0);
const END = Buffer.from([MARK, ".".charCodeAt(0), LAST]);
const MARK_BYTES = END.length;
/** Stands for NUL in a line that says so. */
const NUL_SUBSTITUTE = 0x1d;

/** Place of the next mark that begins a line of stderr; -1: there is none. */
export function findBegin(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(MARK, from); at >= 0; at = bytes.indexOf(MARK, at + 1)) {
    const kind = bytes[at + 1];
    if ((kind === PLAIN || kind === WITHOUT_NUL) && bytes[at + 2] === LAST) return at;
  }
  return -1;
}

/** Place of the next mark that ends a line of stderr; -1: there is none. */
export function findEnd(bytes: Buffer, from: number): number {
  return bytes.indexOf(END, from);
}

/** Where what follows a mark begins. */
export function behindMark(at: number): number {
  return at + MARK_BYTES;
}

/** The program's own bytes of a marked line, given from its first mark to before its last. */
export function unmark(marked: Buffer): Buffer {
  const line = marked.subarray(MARK_BYTES);
  if (marked[1] !== WITHOUT_NUL || !line.includes(NUL_SUBSTITUTE)) return line;
  return Buffer.from(line.map((byte) => (byte === NUL_SUBSTITUTE ? 0 : byte)));
}
