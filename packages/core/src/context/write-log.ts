import type { LogEntry } from "../logs/log-entry.ts";

const NEWLINE = 0x0a;

/** An entry's line with its newline, as the program wrote it. */
export function lineBytes(entry: Pick<LogEntry, "line">): Uint8Array {
  const bytes = new Uint8Array(entry.line.length + 1);
  bytes.set(entry.line);
  bytes[entry.line.length] = NEWLINE;
  return bytes;
}

/**
 * Writes lines to a stream at the stream's pace, until there are no more or the stream is closed by its reader.
 * Leaves the stream open.
 * @param read - reads the entries until its signal aborts.
 */
export async function writeLog(
  read: (signal: AbortSignal) => AsyncIterable<LogEntry>,
  output: WritableStream<Uint8Array>,
): Promise<void> {
  const writer = output.getWriter();
  const closed = new AbortController();
  const close = (): void => closed.abort();
  void writer.closed.then(close, close);
  let written = Promise.resolve();
  try {
    for await (const entry of read(closed.signal)) {
      await writer.ready;
      if (closed.signal.aborted) break;
      written = writer.write(lineBytes(entry));
      // A stream that fails shows it by `closed` too, which ends the reading.
      written.catch(close);
    }
    await written;
  } catch (error) {
    if (!closed.signal.aborted) throw error;
  } finally {
    writer.releaseLock();
  }
}
