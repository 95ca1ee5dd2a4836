import {
  decodeCursor,
  ManagerError,
  parseUnitName,
  unitName,
  type JobRecord,
  type LogPosition,
  type LogQuery,
  type LogStream,
  type RecordStore,
} from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { LogProgress } from "./log-progress.ts";
import { listUnits } from "./observe.ts";
import type { ListedUnit } from "./status.ts";

/** Which containers' logs a query is about. */
export class LogScope {
  readonly streams: readonly LogStream[];
  readonly query: LogQuery;
  readonly #client: DockerClient;
  readonly #store: RecordStore;
  readonly #namespace: string;
  readonly #record: JobRecord | undefined;
  readonly #positions: readonly LogPosition[];

  private constructor(
    client: DockerClient,
    store: RecordStore,
    namespace: string,
    query: LogQuery,
    record: JobRecord | undefined,
  ) {
    this.#client = client;
    this.#store = store;
    this.#namespace = namespace;
    this.query = query;
    this.#record = record;
    this.streams = query.stream === undefined ? ["stdout", "stderr"] : [query.stream];
    this.#positions = (query.cursors ?? []).map((cursor) => decodeCursor(cursor));
  }

  /** @throws ManagerError JOB_NOT_FOUND, SPEC_INVALID for an unknown unit or a text that is no cursor. */
  static async open(
    client: DockerClient,
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
    const scope = new LogScope(client, store, namespace, query, record);
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

  /** Whether a container of that job may be meant. */
  covers(jobUid: string | undefined): boolean {
    return this.#record === undefined || jobUid === undefined || jobUid === this.#record.uid;
  }

  /** Containers that have run, in order of units. */
  async containers(signal: AbortSignal): Promise<ListedUnit[]> {
    const listed = await this.#list(signal);
    const known =
      this.#record === undefined
        ? new Set((await this.#store.list({ namespace: this.#namespace })).map(({ uid }) => uid))
        : undefined;
    return listed
      .filter(({ unit }) => unit.state !== "created" && (known?.has(unit.jobUid) ?? true))
      .filter(({ unit }) => this.query.unit === undefined || unitName(unit) === this.query.unit)
      .toSorted(compare);
  }

  /** Whether nothing more will be written: the job has ended or is gone. A whole namespace never ends. */
  async isOver(): Promise<"no" | "ended" | "gone"> {
    if (!this.#record) return "no";
    const current = await this.#store.get(this.#namespace, this.#record.name);
    if (current?.uid !== this.#record.uid) return "gone";
    return current.outcome ? "ended" : "no";
  }

  /** To read a container's log from where the caller has left it. */
  newProgress({ unit }: ListedUnit): LogProgress {
    const places: Partial<Record<LogStream, LogPosition>> = {};
    const name = unitName(unit);
    for (const position of this.#positions) {
      const { jobUid, attempt, stream, timeNs, ordinal } = position;
      if (jobUid !== unit.jobUid || position.unit !== name || attempt !== unit.attempt) continue;
      const other = places[stream];
      const later =
        !other || timeNs > other.timeNs || (timeNs === other.timeNs && ordinal > other.ordinal);
      if (later) places[stream] = position;
    }
    return new LogProgress(unit, places, this.query.sinceNs);
  }

  async #list(signal: AbortSignal): Promise<ListedUnit[]> {
    const job = this.#record === undefined ? {} : { jobUid: this.#record.uid };
    return listUnits(this.#client, { namespace: this.#namespace, ...job }, signal);
  }

  async #knowsUnit(name: string, signal: AbortSignal): Promise<boolean> {
    const unit = parseUnitName(name);
    if (!unit) return false;
    const record = this.#record;
    if (!record) return true;
    if (!record.plan.groups.some(({ role }) => role === unit.role)) return false;
    if (unit.role === "master" || unit.index < record.requestedWorkers) return true;
    if (record.units[name]) return true;
    return (await this.#list(signal)).some((listed) => unitName(listed.unit) === name);
  }
}

function compare(a: ListedUnit, b: ListedUnit): number {
  if (a.identity.job !== b.identity.job) return a.identity.job < b.identity.job ? -1 : 1;
  const byRole = Number(a.unit.role === "worker") - Number(b.unit.role === "worker");
  return byRole || a.unit.index - b.unit.index || a.unit.attempt - b.unit.attempt;
}
