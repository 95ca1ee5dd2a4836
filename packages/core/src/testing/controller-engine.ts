import type { Endpoint } from "../backend/cluster-backend.ts";
import type { Capacity, ClusterInfo } from "../backend/cluster-info.ts";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { EngineEvent, UnitEngine } from "../engine/unit-engine.ts";
import { ManagerError } from "../errors/manager-error.ts";
import { EventQueue } from "../engine/event-queue.ts";
import type { UnitGroup } from "../plan/job-plan.ts";
import { parseUnitName, unitName, type UnitRole } from "../plan/unit-id.ts";
import type { JobRecord, NewJobRecord } from "../record/job-record.ts";
import type { UnitAction } from "../reconcile/reconcile.ts";
import { replicasOf } from "../reconcile/unit-slots.ts";

/** One call of `apply`. */
export interface Application {
  readonly job: string;
  /** Such as `start master`, in order. */
  readonly actions: readonly string[];
}

/**
 * An engine with controllers, as Kubernetes has them, for tests of what drives one: the test itself says when units run and
 * end, and what goes wrong. Units of a group are there from the first `start` of it on.
 */
export class ControllerEngine implements UnitEngine {
  readonly applications: Application[] = [];
  readonly cleanups: string[] = [];
  /** Looks at all units so far. */
  looks = 0;
  /** What `apply` throws; nothing where absent. */
  refusal: ManagerError | undefined;
  /** What `apply` waits for once it has done its work. */
  gate: Promise<void> = Promise.resolve();
  nodeList: readonly Capacity[] = [{ cpuMillis: 8000, memoryBytes: 2 ** 34, gpus: 0 }];
  readonly #units = new Map<string, Map<string, ObservedUnit>>();
  readonly #groups = new Map<string, Set<UnitRole>>();
  readonly #listeners = new Set<(event: EngineEvent) => void>();

  /** What has been applied to all jobs. */
  get applied(): string[] {
    return this.applications.map(({ job, actions }) => `${job}: ${actions.join(", ")}`);
  }

  /** The facts about a unit change, and the engine says so. */
  change(record: Pick<JobRecord, "uid">, name: string, facts: Partial<ObservedUnit>): void {
    const units = this.#units.get(record.uid);
    const unit = units?.get(name);
    if (!units || !unit) throw new Error(`There is no unit ${name}.`);
    units.set(name, { ...unit, ...facts });
    this.tell({ type: "changed", jobUid: record.uid });
  }

  tell(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  unitsOf({ uid }: Pick<JobRecord, "uid">): ObservedUnit[] {
    return [...(this.#units.get(uid)?.values() ?? [])];
  }

  async apply(record: JobRecord, actions: readonly UnitAction[]): Promise<void> {
    const inShort = actions.map(({ kind, unit }) => `${kind} ${unitName(unit)}`);
    this.applications.push({ job: record.name, actions: inShort });
    if (this.refusal) throw this.refusal;
    this.#follow(record, actions);
    await this.gate;
  }

  #follow(record: JobRecord, actions: readonly UnitAction[]): void {
    const { uid } = record;
    if (record.deletionRequestedAt !== undefined) this.#units.delete(uid);
    else if (record.outcome) this.#stop(uid);
    else for (const group of record.plan.groups) this.#scale(record, group, actions);
    // It is the test that replaces units.
    if (actions.every(({ kind }) => kind === "update")) return;
    this.tell({ type: "changed", jobUid: uid });
  }

  #stop(uid: string): void {
    for (const [name, unit] of this.#units.get(uid) ?? [])
      if (unit.state !== "exited") this.#units.get(uid)?.delete(name);
  }

  #scale(record: JobRecord, group: UnitGroup, actions: readonly UnitAction[]): void {
    const { uid } = record;
    const { role } = group;
    const made = this.#groups.get(uid) ?? new Set();
    if (actions.some(({ kind, unit }) => kind === "start" && unit.role === role)) made.add(role);
    this.#groups.set(uid, made);
    if (!made.has(role)) return;
    const units = this.#units.get(uid) ?? new Map<string, ObservedUnit>();
    this.#units.set(uid, units);
    const wanted = replicasOf(record, group);
    for (let index = 0; index < wanted; index++) {
      const name = unitName({ role, index });
      if (units.has(name)) continue;
      units.set(name, { jobUid: uid, role, index, attempt: 0, engineId: name, state: "pending" });
    }
    for (const name of units.keys()) {
      const unit = parseUnitName(name);
      if (unit?.role === role && unit.index >= wanted) units.delete(name);
    }
  }

  async nodes(): Promise<readonly Capacity[]> {
    return this.nodeList;
  }

  async prepare(): Promise<void> {}

  async observe(): Promise<ObservedUnit[]> {
    this.looks++;
    return [...this.#units.values()].flatMap((units) => Array.from(units.values()));
  }

  async cleanup(record: JobRecord): Promise<void> {
    this.cleanups.push(record.name);
    this.#units.delete(record.uid);
  }

  async *events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    const queue = new EventQueue<EngineEvent>(signal);
    const listener = (event: EngineEvent): void => queue.push(event);
    this.#listeners.add(listener);
    try {
      yield { type: "connected" };
      yield* queue;
    } finally {
      this.#listeners.delete(listener);
    }
  }

  async recover(): Promise<NewJobRecord[]> {
    return [];
  }

  async close(): Promise<void> {}

  async describe(): Promise<ClusterInfo> {
    throw unwanted("describe");
  }

  async start(): Promise<never> {
    throw unwanted("start");
  }

  async restart(): Promise<never> {
    throw unwanted("restart");
  }

  async stop(): Promise<never> {
    throw unwanted("stop");
  }

  async remove(): Promise<never> {
    throw unwanted("remove");
  }

  async endpoint(): Promise<Endpoint> {
    throw unwanted("endpoint");
  }

  async proxy(): Promise<string> {
    throw unwanted("proxy");
  }

  async usage(): Promise<never> {
    throw unwanted("usage");
  }
}

function unwanted(call: string): ManagerError {
  return new ManagerError("INTERNAL", `Nobody should call ${call} of this engine.`);
}
