import type { JobFilter, JobPage, PageRequest } from "../../backend/cluster-backend.ts";
import type { Job, JobEvent } from "../../backend/job.ts";
import { ManagerError, isManagerError } from "../../errors/manager-error.ts";
import type { LogBatches, LogQuery } from "../../logs/log-entry.ts";
import { isFinal } from "../../status/job-status.ts";
import { brokenCalls, type BrokenBackend } from "./broken-backend.ts";
import { PassThrough } from "./pass-through.ts";
import { without } from "./without.ts";

class KnowsOnePage extends PassThrough {
  override async list(
    filter?: JobFilter,
    page?: PageRequest,
    signal?: AbortSignal,
  ): Promise<JobPage> {
    const { jobs } = await super.list(filter, { limit: 20, ...page }, signal);
    return { jobs };
  }
}

class PagesByNumber extends PassThrough {
  override async list(
    filter?: JobFilter,
    page: PageRequest = {},
    signal?: AbortSignal,
  ): Promise<JobPage> {
    const { jobs } = await super.list(filter, {}, signal);
    const start = Number(page.continue ?? 0);
    const end = start + (page.limit ?? jobs.length);
    return { jobs: jobs.slice(start, end), ...(end < jobs.length ? { next: String(end) } : {}) };
  }
}

class IgnoresLabels extends PassThrough {
  override async list(
    filter: JobFilter = {},
    page?: PageRequest,
    signal?: AbortSignal,
  ): Promise<JobPage> {
    return super.list(without(filter, "labels"), page, signal);
  }
}

class MissesFinalStates extends PassThrough {
  override async *watch(filter?: JobFilter, signal?: AbortSignal): AsyncIterable<JobEvent> {
    for await (const event of super.watch(filter, signal)) {
      if (event.type !== "changed" || !isFinal(event.job.status)) yield event;
    }
  }
}

class BeginsWithoutSnapshot extends PassThrough {
  override async *watch(filter?: JobFilter, signal?: AbortSignal): AsyncIterable<JobEvent> {
    for await (const event of super.watch(filter, signal)) {
      if (event.type !== "snapshot") yield event;
    }
  }
}

class WatchesForever extends PassThrough {
  override watch(filter?: JobFilter): AsyncIterable<JobEvent> {
    return super.watch(filter, AbortSignal.timeout(20_000));
  }
}

class EndsAWatchWithAnError extends PassThrough {
  override async *watch(filter?: JobFilter, signal?: AbortSignal): AsyncIterable<JobEvent> {
    yield* super.watch(filter, signal);
    throw new ManagerError("CANCELLED", "The watch was cancelled.");
  }
}

class WatchesUntilTheEngineIsLost extends PassThrough {
  override async *watch(filter?: JobFilter, signal?: AbortSignal): AsyncIterable<JobEvent> {
    for await (const event of super.watch(filter, signal)) {
      if (event.type === "disconnected") {
        throw new ManagerError("BACKEND_UNREACHABLE", event.message);
      }
      yield event;
    }
  }
}

class SeesOtherNamespaces extends PassThrough {
  override async inspect(name: string, signal?: AbortSignal): Promise<Job> {
    try {
      return await super.inspect(name, signal);
    } catch (error) {
      if (!isManagerError(error, "JOB_NOT_FOUND")) throw error;
      const other = await this.as(undefined, "test");
      return other.inspect(name, signal);
    }
  }

  override async *logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    yield* super.logs(query, signal);
    if (query.follow || this.namespace === "test") return;
    const other = await this.as(undefined, "test");
    yield* other.logs(query, signal);
  }
}

class ThrowsPlainErrors extends PassThrough {
  override async inspect(name: string, signal?: AbortSignal): Promise<Job> {
    try {
      return await super.inspect(name, signal);
    } catch (error) {
      throw new Error("inspect failed", { cause: error });
    }
  }
}

class ThrowsOtherCodes extends PassThrough {
  override async inspect(name: string, signal?: AbortSignal): Promise<Job> {
    try {
      return await super.inspect(name, signal);
    } catch (error) {
      throw new ManagerError("INTERNAL", "inspect failed", { cause: error });
    }
  }
}

class IgnoresAborts extends PassThrough {
  override async inspect(name: string): Promise<Job> {
    return super.inspect(name);
  }

  override async delete(name: string, options?: { readonly force?: boolean }): Promise<boolean> {
    return super.delete(name, options);
  }
}

/** Faults of `inspect`, `list` and `watch`. */
export const BROKEN_READING: readonly BrokenBackend[] = [
  brokenCalls("lists one page only", ["list/pages", "list/many"], KnowsOnePage),
  brokenCalls("counts pages by number", ["list/changes-between-pages"], PagesByNumber),
  brokenCalls("ignores labels", ["list/filters"], IgnoresLabels),
  brokenCalls("tells no final state", ["watch/every-final-state", "watch/life"], MissesFinalStates),
  brokenCalls(
    "watches without a snapshot",
    ["watch/snapshot-first", "watch/break"],
    BeginsWithoutSnapshot,
  ),
  brokenCalls("watches on after an abort", ["watch/abort"], WatchesForever),
  brokenCalls("ends a watch with an error", ["watch/abort"], EndsAWatchWithAnError),
  brokenCalls(
    "gives up a watch with the engine",
    ["watch/disconnect"],
    WatchesUntilTheEngineIsLost,
  ),
  brokenCalls(
    "sees other namespaces",
    ["namespace/invisible", "namespace/logs"],
    SeesOtherNamespaces,
  ),
  brokenCalls("throws plain errors", ["list/unknown-job", "delete/finished"], ThrowsPlainErrors),
  brokenCalls(
    "throws errors of another code",
    ["list/unknown-job", "recovery/unreachable"],
    ThrowsOtherCodes,
  ),
  brokenCalls(
    "ignores aborts",
    ["abort/inspect", "abort/delete", "abort/delete-under-way"],
    IgnoresAborts,
  ),
];
