import type { LogEntry, LogProgress, LogStream } from "@juliarun/core";
import { LogLines } from "./log-lines.ts";
import type { PodLogSource } from "./pod-logs.ts";
import type { PodRun } from "./pod-run.ts";

/** What to read of one container's log. */
export interface RunLogQuery {
  readonly streams: readonly LogStream[];
  /** Only so many of the runtime's messages from the end. */
  readonly tail?: number | undefined;
  readonly follow: boolean;
  /** Whether the container has ended, so that what has no end yet is a line too. */
  readonly ended: boolean;
}

/** What is left when a log's reading has come to its end. */
export interface RunLogEnd {
  /** Messages of the runtime's that the log had. */
  readonly messages: number;
  /** The last line, where it has no newline and the container was not known to have ended. */
  readonly rest: () => LogEntry[];
}

/** Reads a container's log from where it was left: a batch a chunk. A container that is gone has no entries. */
export async function* readRunLog(
  source: PodLogSource,
  run: PodRun,
  { streams, tail, follow, ended }: RunLogQuery,
  progress: LogProgress,
  signal: AbortSignal,
): AsyncGenerator<LogEntry[], RunLogEnd> {
  const { pod, previous } = run;
  let batch: LogEntry[] = [];
  const sinceNs = progress.begin(streams);
  const lines = new LogLines((stream, timeNs, line) => {
    if (!streams.includes(stream)) return;
    const entry = progress.accept(stream, timeNs, line);
    if (entry) batch.push(entry);
  });
  const query = { follow, previous, tailLines: tail, sinceNs };
  for await (const chunk of source.open(pod, query, signal)) {
    lines.push(chunk);
    if (batch.length === 0) continue;
    yield batch;
    batch = [];
  }
  if (ended && !signal.aborted) lines.end();
  if (batch.length > 0) yield batch;
  return {
    messages: lines.messages,
    rest: () => {
      batch = [];
      lines.end();
      return batch;
    },
  };
}
