import {
  cursorPrefix,
  decodeCursor,
  DoubleFilter,
  encodeCursorOf,
  OrdinalCounter,
  type LogPlace,
} from "../logs/cursor.ts";
import type { LogEntry, LogQuery, LogStream } from "../logs/log-entry.ts";
import { unitName } from "../plan/unit-id.ts";
import type { MemoryContainer } from "./memory-container.ts";

/** What was read of one container's log. */
interface Progress {
  readonly container: MemoryContainer;
  readonly streams: Readonly<Record<LogStream, StreamProgress>>;
  lines: number;
}

interface StreamProgress {
  /** What all cursors of the stream begin with. */
  readonly prefix: string;
  readonly ordinals: OrdinalCounter;
  readonly doubles: DoubleFilter;
}

/** Reads the logs of containers from where it stopped the last time. */
export class LogReader {
  readonly #query: LogQuery;
  readonly #places: ReadonlyMap<string, LogPlace>;
  readonly #progress = new Map<MemoryContainer, Progress>();
  #first = true;

  /** @throws ManagerError SPEC_INVALID for a cursor that is none. */
  constructor(query: LogQuery) {
    this.#query = query;
    const positions = (query.cursors ?? []).map((cursor) => decodeCursor(cursor));
    this.#places = new Map(positions.map((position) => [cursorPrefix(position), position]));
  }

  /** Reads this container too. */
  add(container: MemoryContainer): void {
    if (this.#progress.has(container)) return;
    const streams = {
      stdout: this.#stream(container, "stdout"),
      stderr: this.#stream(container, "stderr"),
    };
    this.#progress.set(container, { container, streams, lines: 0 });
  }

  /** What came since the last time, by time; the first time limited as the query says. */
  read(): LogEntry[] {
    const entries = [...this.#progress.values()].flatMap((progress) => this.#readOne(progress));
    entries.sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
    const { count = 0 } = this.#query;
    const limited = this.#first && count > 0 ? entries.slice(-count) : entries;
    this.#first = false;
    return limited;
  }

  #stream({ record, unit, attempt }: MemoryContainer, stream: LogStream): StreamProgress {
    const prefix = cursorPrefix({ jobUid: record.uid, unit: unitName(unit), attempt, stream });
    const doubles = new DoubleFilter(this.#places.get(prefix));
    return { prefix, ordinals: new OrdinalCounter(), doubles };
  }

  #readOne(progress: Progress): LogEntry[] {
    const { container, streams } = progress;
    const { stream: wanted, sinceNs = 0n } = this.#query;
    const { lines } = container.log;
    const entries: LogEntry[] = [];
    for (; progress.lines < lines.length; progress.lines++) {
      const read = lines[progress.lines];
      if (!read || (wanted !== undefined && read.stream !== wanted)) continue;
      const { timeNs, line, stream } = read;
      const { prefix, ordinals, doubles } = streams[stream];
      const ordinal = ordinals.next(timeNs);
      if (!doubles.isNew(timeNs, ordinal) || timeNs < sinceNs) continue;
      entries.push({
        job: container.record.name,
        unit: unitName(container.unit),
        attempt: container.attempt,
        stream,
        timeNs,
        line,
        cursor: encodeCursorOf(prefix, timeNs, ordinal),
      });
    }
    return entries;
  }
}
