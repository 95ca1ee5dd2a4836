import type { ClusterBackend } from "../backend/cluster-backend.ts";
import type { LogEntry, LogQuery } from "../logs/log-entry.ts";
import { Recorder, type RecorderContext } from "./recorder.ts";

/** Somebody who follows logs. */
export class Follower extends Recorder<readonly LogEntry[]> {
  constructor(backend: ClusterBackend, query: LogQuery, context: RecorderContext) {
    super((signal) => backend.logs({ ...query, follow: true }, signal), context);
  }

  get entries(): LogEntry[] {
    return this.items.flat();
  }

  /** Lines so far as text, of one unit where given. */
  lines(unit?: string): string[] {
    const wanted = this.entries.filter((entry) => unit === undefined || entry.unit === unit);
    return wanted.map((entry) => textOf(entry));
  }

  protected override summary(): string {
    return `lines ${this.lines().slice(-20).join(", ")}`;
  }
}

/** An entry's line as text. */
export function textOf(entry: Pick<LogEntry, "line">): string {
  return Buffer.from(entry.line).toString("utf8");
}
