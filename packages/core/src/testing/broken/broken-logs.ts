import type { LogBatches, LogEntry, LogQuery } from "../../logs/log-entry.ts";
import { brokenCalls, type BrokenBackend } from "./broken-backend.ts";
import { textOf } from "../follower.ts";
import { PassThrough } from "./pass-through.ts";
import { without } from "./without.ts";

/** Hands on logs, entry by entry changed. */
abstract class ChangesEntries extends PassThrough {
  protected abstract change(entries: readonly LogEntry[], query: LogQuery): readonly LogEntry[];

  override async *logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    for await (const batch of super.logs(query, signal)) yield this.change(batch, query);
  }
}

class DropsALineOnResume extends PassThrough {
  override async *logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    let drop = (query.cursors ?? []).length > 0;
    for await (const batch of super.logs(query, signal)) {
      yield drop ? batch.slice(1) : batch;
      drop = false;
    }
  }
}

class DoublesOnResume extends PassThrough {
  override async *logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    const { cursors = [], ...others } = query;
    // As if a cursor were a time in whole milliseconds.
    const [first] = cursors;
    yield* super.logs(first === undefined ? others : { ...others, cursors: [first] }, signal);
  }
}

class MixesStreams extends PassThrough {
  override logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    return super.logs(without(query, "stream"), signal);
  }
}

class DecodesLines extends ChangesEntries {
  protected change(entries: readonly LogEntry[]): LogEntry[] {
    return entries.map((entry) => Object.assign({}, entry, { line: Buffer.from(textOf(entry)) }));
  }
}

class DropsEmptyLines extends ChangesEntries {
  protected change(entries: readonly LogEntry[]): LogEntry[] {
    return entries.filter(({ line }) => line.length > 0);
  }
}

class CutsLongLines extends ChangesEntries {
  protected change(entries: readonly LogEntry[]): LogEntry[] {
    return entries.map((entry) =>
      Object.assign({}, entry, { line: entry.line.subarray(0, 16_384) }),
    );
  }
}

class CountsFromTheBeginning extends PassThrough {
  override async *logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    const { count = 0, ...others } = query;
    const entries: LogEntry[] = [];
    for await (const batch of super.logs(others, signal)) entries.push(...batch);
    yield count > 0 ? entries.slice(0, count) : entries;
  }
}

class SortsByUnit extends PassThrough {
  override async *logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    if (query.follow) return yield* super.logs(query, signal);
    const entries: LogEntry[] = [];
    for await (const batch of super.logs(query, signal)) entries.push(...batch);
    yield entries.toSorted((a, b) => a.unit.localeCompare(b.unit) || a.job.localeCompare(b.job));
    return undefined;
  }
}

class DoesNotFollow extends PassThrough {
  override logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    return super.logs({ ...query, follow: false }, signal);
  }
}

class FollowsForever extends PassThrough {
  override async *logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    yield* super.logs(query, signal);
    if (!query.follow) return;
    await new Promise((resolve) => signal?.addEventListener("abort", resolve, { once: true }));
  }
}

class FollowsOn extends PassThrough {
  override logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    return super.logs(query, query.follow ? AbortSignal.timeout(20_000) : signal);
  }
}

class KnowsEveryJob extends PassThrough {
  override async *logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    const record =
      query.job === undefined ? undefined : this.world.records.get(this.namespace, query.job);
    if (query.job === undefined || record) yield* super.logs(query, signal);
  }
}

/** Faults of `logs`. */
export const BROKEN_LOGS: readonly BrokenBackend[] = [
  brokenCalls(
    "drops a line when it resumes",
    ["follow/resume", "follow/resume-following"],
    DropsALineOnResume,
  ),
  brokenCalls(
    "doubles lines when it resumes",
    ["follow/resume", "follow/resume-following"],
    DoublesOnResume,
  ),
  brokenCalls("mixes streams", ["log/streams", "log/restarts"], MixesStreams),
  brokenCalls("takes bytes for text", ["log/binary", "lifecycle/placed-files"], DecodesLines),
  brokenCalls("drops empty lines", ["log/empty-lines"], DropsEmptyLines),
  brokenCalls("cuts long lines", ["log/long-line"], CutsLongLines),
  brokenCalls("counts from the beginning", ["log/count"], CountsFromTheBeginning),
  brokenCalls("sorts by unit instead of time", ["log/merged", "log/namespace"], SortsByUnit),
  brokenCalls("does not follow", ["follow/to-the-end", "follow/live"], DoesNotFollow),
  brokenCalls(
    "follows a finished job for ever",
    ["follow/to-the-end", "follow/finished"],
    FollowsForever,
  ),
  brokenCalls("follows on after an abort", ["follow/abort"], FollowsOn),
  brokenCalls(
    "has empty logs of unknown jobs",
    ["log/unknown-job", "delete/finished"],
    KnowsEveryJob,
  ),
];
