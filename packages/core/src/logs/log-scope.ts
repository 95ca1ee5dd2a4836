import { ManagerError } from "../errors/manager-error.ts";
import { parseUnitName } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { RecordStore } from "../record/record-store.ts";
import { decodeCursor, type LogPosition } from "./cursor.ts";
import type { LogQuery, LogStream } from "./log-entry.ts";

/** How an engine's containers are found for their logs. */
export interface LogContainers<Container> {
  /** Those that have run and whose logs are kept; of one job where its uid is given. */
  list(jobUid: string | undefined, signal: AbortSignal): Promise<readonly Container[]>;
  /** Whose log it is. */
  unitOf(container: Container): { readonly jobUid: string; readonly unit: string };
  /** Orders units, and the containers of a unit. */
  compare(a: Container, b: Container): number;
}

/** Which containers' logs a query is about. */
export class LogScope<Container> {
  readonly streams: readonly LogStream[];
  readonly query: LogQuery;
  /** Places after which to read on. */
  readonly positions: readonly LogPosition[];
  readonly #containers: LogContainers<Container>;
  readonly #store: RecordStore;
  readonly #namespace: string;
  readonly #record: JobRecord | undefined;

  private constructor(
    containers: LogContainers<Container>,
    store: RecordStore,
    namespace: string,
    query: LogQuery,
    record: JobRecord | undefined,
  ) {
    this.#containers = containers;
    this.#store = store;
    this.#namespace = namespace;
    this.query = query;
    this.#record = record;
    this.streams = query.stream === undefined ? ["stdout", "stderr"] : [query.stream];
    this.positions = (query.cursors ?? []).map((cursor) => decodeCursor(cursor));
  }

  /** @throws ManagerError JOB_NOT_FOUND, SPEC_INVALID for an unknown unit or a text that is no cursor. */
  static async open<Container>(
    containers: LogContainers<Container>,
    store: RecordStore,
    namespace: string,
    query: LogQuery,
    signal: AbortSignal,
  ): Promise<LogScope<Container>> {
    const { job, unit } = query;
    const record = job === undefined ? undefined : await store.get(namespace, job);
    if (job !== undefined && !record) {
      throw new ManagerError("JOB_NOT_FOUND", `There is no job ${job} in namespace ${namespace}.`, {
        details: { name: job, namespace },
      });
    }
    const scope = new LogScope(containers, store, namespace, query, record);
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
  async containers(signal: AbortSignal): Promise<Container[]> {
    const containers = this.#containers;
    const listed = await containers.list(this.#record?.uid, signal);
    const known =
      this.#record === undefined
        ? new Set((await this.#store.list({ namespace: this.#namespace })).map(({ uid }) => uid))
        : undefined;
    return listed
      .filter((each) => known?.has(containers.unitOf(each).jobUid) ?? true)
      .filter((each) => [undefined, containers.unitOf(each).unit].includes(this.query.unit))
      .toSorted((a, b) => containers.compare(a, b));
  }

  /** Whether nothing more will be written: the job has ended or is gone. A whole namespace never ends. */
  async isOver(): Promise<"no" | "ended" | "gone"> {
    if (!this.#record) return "no";
    const current = await this.#store.get(this.#namespace, this.#record.name);
    if (current?.uid !== this.#record.uid) return "gone";
    return current.outcome ? "ended" : "no";
  }

  async #knowsUnit(name: string, signal: AbortSignal): Promise<boolean> {
    const unit = parseUnitName(name);
    if (!unit) return false;
    const record = this.#record;
    if (!record) return true;
    if (!record.plan.groups.some(({ role }) => role === unit.role)) return false;
    if (unit.role === "master" || unit.index < record.requestedWorkers) return true;
    if (record.units[name]) return true;
    const listed = await this.#containers.list(record.uid, signal);
    return listed.some((container) => this.#containers.unitOf(container).unit === name);
  }
}
