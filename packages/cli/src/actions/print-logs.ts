import type { Context, LogEntry, TailOptions } from "@juliarun/sdk";
import { logEntryJson, renderLogLine, type LogPrefix } from "../render/log-line.ts";
import { renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";

/** How log entries are printed. */
export interface PrintLogsOptions {
  readonly prefix?: Partial<LogPrefix>;
  readonly json?: boolean;
}

/**
 * Prints entries as they come: stdout to standard output, stderr to standard error, at their readers' pace.
 * @returns whether there were any.
 */
export async function printLogs(
  session: Session,
  context: Context,
  query: Omit<TailOptions, "signal">,
  { prefix = {}, json = false }: PrintLogsOptions = {},
): Promise<boolean> {
  let any = false;
  const whole: LogPrefix = { job: false, unit: false, time: false, ...prefix };
  for await (const batch of context.tailBatches({ ...query, signal: session.signal })) {
    session.progress.clear();
    any ||= batch.length > 0;
    for (const run of runsOf(batch, json)) {
      const printer = json || run.stream === "stdout" ? session.out : session.err;
      await printer.write(
        Buffer.concat(
          run.entries.map((entry) => (json ? jsonLine(entry) : renderLogLine(entry, whole))),
        ),
      );
    }
  }
  return any;
}

const jsonLine = (entry: LogEntry): Uint8Array =>
  Buffer.from(`${renderJson(logEntryJson(entry), "line")}\n`);

interface Run {
  readonly stream: LogEntry["stream"];
  readonly entries: LogEntry[];
}

/** Neighbours that go to the same output, to be written at once. */
function runsOf(batch: readonly LogEntry[], together: boolean): Run[] {
  const runs: Run[] = [];
  for (const entry of batch) {
    const last = runs.at(-1);
    if (last && (together || last.stream === entry.stream)) last.entries.push(entry);
    else runs.push({ stream: entry.stream, entries: [entry] });
  }
  return runs;
}
