import {
  decodeCursor,
  ManagerError,
  parseUnitName,
  type JobRecord,
  type LogPosition,
  type LogQuery,
  type LogStream,
  type RecordStore,
} from "@juliarun/core";
import { LogProgress } from "./log-progress.ts";
import { placesAfter } from "./log-resume.ts";
import { LABEL } from "./manifests/labels.ts";
import type { PodLogSource } from "./pod-logs.ts";
import { compareRuns, runsOf, type PodRun } from "./pod-run.ts";

/** Which containers' logs a query is about. */
export class LogScope {
  readonly streams: readonly LogStream[];
  readonly query: LogQuery;
  readonly #source: PodLogSource;
  readonly #store: RecordStore;
  readonly #namespace: string;
  readonly #record: JobRecord | undefined;
  readonly #positions: readonly LogPosition[];

  private constructor(
    source: PodLogSource,
    store: RecordStore,
    namespace: string,
    query: LogQuery,
    record: JobRecord | undefined,
  ) {
    this.#source = source;
    this.#store = store;
    this.#namespace = namespace;
    this.query = query;
    this.#record = record;
    this.streams = query.stream === undefined ? ["stdout", "stderr"] : [query.stream];
    this.#positions = (query.cursors ?? []).map((cursor) => decodeCursor(cursor));
  }

  /** @throws ManagerError JOB_NOT_FOUND, SPEC_INVALID for an unknown unit or a text that is no cursor. */
  static async open(
    source: PodLogSource,
    store: RecordStore,
    namespace: string,
    query: LogQuery,
    signal: AbortSignal,
  ): Promise<LogScope> {
    const { job, unit } = query;
    const record = job === undefined ? undefined : await store.get(namespace, job);
    if (job !== undefined && !record) {
      throw new ManagerError("JOB_NOT_FOUND", `There is no job ${job} in namespace ${namespace}.`, {
        details: { name: job, namespace },
      });
    }
    const scope = new LogScope(source, store, namespace, query, record);
    if (unit !== undefined && !(await scope.#knowsUnit(unit, signal))) {
      const message =
        job === undefined ? `No unit is called ${unit}.` : `Job ${job} has no unit ${unit}.`;
      throw new ManagerError("SPEC_INVALID", message, {
        hint: "Units are `master` and `worker-0`, `worker-1`, …; `jrun status` lists a job's.",
        details: { unit },
      });
    }
    return scope;
  }

  /** Containers that have run and whose logs are kept, in order of units and of their starts. */
  async runs(signal: AbortSignal): Promise<PodRun[]> {
    const listed = await this.#list(signal);
    const known =
      this.#record === undefined
        ? new Set((await this.#store.list({ namespace: this.#namespace })).map(({ uid }) => uid))
        : undefined;
    return listed
      .filter(({ pod }) => known?.has(pod.jobUid) ?? true)
      .filter(({ unit }) => this.query.unit === undefined || unit === this.query.unit)
      .toSorted(compareRuns);
  }

  /** Whether nothing more will be written: the job has ended or is gone. A whole namespace never ends. */
  async isOver(): Promise<"no" | "ended" | "gone"> {
    if (!this.#record) return "no";
    const current = await this.#store.get(this.#namespace, this.#record.name);
    if (current?.uid !== this.#record.uid) return "gone";
    return current.outcome ? "ended" : "no";
  }

  /** To read a container's log from where the caller has left it. */
  newProgress(run: PodRun): LogProgress {
    const { unit, attempt, pod } = run;
    const source = { jobUid: pod.jobUid, unit, attempt };
    return new LogProgress(source, placesAfter(run, this.#positions), this.query.sinceNs);
  }

  /** To read a container that follows another in the same pod: whatever was taken for the earlier one's is not read again. */
  nextProgress({ unit, attempt, pod }: PodRun, before: LogProgress): LogProgress {
    return new LogProgress(
      { jobUid: pod.jobUid, unit, attempt },
      before.places,
      this.query.sinceNs,
    );
  }

  async #list(signal: AbortSignal): Promise<PodRun[]> {
    const labels = this.#record === undefined ? {} : { [LABEL.uid]: this.#record.uid };
    return (await this.#source.pods(labels, signal)).flatMap((pod) => runsOf(pod));
  }

  async #knowsUnit(name: string, signal: AbortSignal): Promise<boolean> {
    const unit = parseUnitName(name);
    if (!unit) return false;
    const record = this.#record;
    if (!record) return true;
    if (!record.plan.groups.some(({ role }) => role === unit.role)) return false;
    if (unit.role === "master" || unit.index < record.requestedWorkers) return true;
    if (record.units[name]) return true;
    return (await this.#list(signal)).some((run) => run.unit === name);
  }
}
