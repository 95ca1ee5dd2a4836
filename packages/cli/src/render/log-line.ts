import type { LogEntry } from "@juliarun/sdk";

const NEWLINE = Uint8Array.of(0x0a);

/** What is put before a line. */
export interface LogPrefix {
  readonly job: boolean;
  readonly unit: boolean;
  readonly time: boolean;
}

/** An entry as the program wrote it, byte for byte, after what tells whose and when. */
export function renderLogLine(
  { job, unit, timeNs, line }: LogEntry,
  prefix: LogPrefix,
): Uint8Array {
  const whose = prefix.job ? `${job}/${unit}` : prefix.unit ? unit : "";
  const text = `${prefix.time ? `${formatTime(timeNs)} ` : ""}${whose === "" ? "" : `${whose} | `}`;
  return text === ""
    ? Buffer.concat([line, NEWLINE])
    : Buffer.concat([Buffer.from(text), line, NEWLINE]);
}

/** RFC 3339 with nanoseconds. */
export function formatTime(timeNs: bigint): string {
  const seconds = new Date(Number(timeNs / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(timeNs % 1_000_000_000n).padStart(9, "0")}Z`;
}

/** An entry for programs; a line that is not UTF-8 comes as `lineBase64`. */
export function logEntryJson({
  job,
  unit,
  attempt,
  stream,
  cursor,
  timeNs,
  line,
}: LogEntry): Record<string, unknown> {
  return { job, unit, attempt, stream, cursor, time: formatTime(timeNs), ...lineJson(line) };
}

function lineJson(line: Uint8Array): Record<string, string> {
  try {
    return { line: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line) };
  } catch {
    return { lineBase64: Buffer.from(line).toString("base64") };
  }
}
