import type { Capacity, ClusterInfo } from "../backend/cluster-info.ts";
import type { Credentials } from "../backend/cluster-backend.ts";
import type { Logger } from "../logs/logger.ts";
import type { Lease } from "../record/lease.ts";
import type { Quota } from "../reconcile/quota.ts";
import type { RecordStore } from "../record/record-store.ts";
import { Actor } from "./actor.ts";
import { Pulse } from "./pulse.ts";
import type { UnitEngine } from "./unit-engine.ts";

/** The parts that a backend for an engine of single containers is made of. */
export interface UnitClusterParts {
  readonly store: RecordStore;
  readonly lease: Lease;
  readonly engine: UnitEngine;
  readonly logger: Logger;
  /** What jobs may use in all; the engine's own capacity where absent. */
  readonly capacity?: Capacity;
  /** What unfinished jobs may be and ask for together, by namespace. */
  readonly quotas?: Readonly<Record<string, Quota>>;
  /** Makes sure that somebody acts after this process has ended; called after every change that needs acting upon. */
  readonly ensureAgent?: () => Promise<void>;
  /** The parts for another namespace, or with a caller's own rights, of an engine that keeps these apart. */
  readonly open?: (
    credentials: Credentials | undefined,
    namespace: string,
  ) => Promise<UnitClusterParts>;
  /** Milliseconds since 1970; for tests. */
  readonly now?: () => number;
}

/** One engine with its records, shared by the backends of all namespaces in this process; closed with the last of them. */
export class UnitCluster {
  readonly parts: UnitClusterParts;
  readonly pulse: Pulse;
  readonly actor: Actor;
  readonly #closing = new AbortController();
  #users = 0;
  #info: ClusterInfo | undefined;

  constructor(parts: UnitClusterParts) {
    this.parts = parts;
    this.pulse = new Pulse(parts.store, parts.engine);
    this.actor = new Actor({
      ...parts,
      pulse: this.pulse,
      room: () => this.room(),
      now: this.now,
    });
  }

  readonly now = (): number => this.parts.now?.() ?? Date.now();

  /** Aborts when the cluster is closed: what still waits for something ends. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  retain(): void {
    this.#users++;
  }

  /** What there is to share out among jobs: no bounds where the engine itself makes them wait. */
  async room(): Promise<Capacity> {
    return this.parts.engine.apply ? UNBOUNDED : this.total();
  }

  /** What jobs may use in all. */
  async total(signal?: AbortSignal): Promise<Capacity> {
    return this.parts.capacity ?? sum(await this.#nodes(signal));
  }

  /** The largest node, as far as jobs may use it. */
  async largestNode(signal?: AbortSignal): Promise<Capacity> {
    if (this.parts.capacity) return this.parts.capacity;
    const capacities = await this.#nodes(signal);
    return {
      cpuMillis: Math.max(0, ...capacities.map((capacity) => capacity.cpuMillis)),
      memoryBytes: Math.max(0, ...capacities.map((capacity) => capacity.memoryBytes)),
      gpus: Math.max(0, ...capacities.map((capacity) => capacity.gpus)),
    };
  }

  /** The quota of a namespace, if it has one. */
  quotaOf(namespace: string): Quota | undefined {
    const { quotas = {} } = this.parts;
    return Object.hasOwn(quotas, namespace) ? quotas[namespace] : undefined;
  }

  /** An engine's size does not change while it runs, so it is asked once per process. */
  async info(signal?: AbortSignal): Promise<ClusterInfo> {
    this.#info ??= await this.parts.engine.describe("", signal);
    return this.#info;
  }

  async #nodes(signal?: AbortSignal): Promise<readonly Capacity[]> {
    const { engine } = this.parts;
    if (!engine.nodes) return (await this.info(signal)).nodes.map(({ capacity }) => capacity);
    const nodes = await engine.nodes(signal);
    return nodes.length > 0 ? nodes : [UNBOUNDED];
  }

  async release(): Promise<void> {
    if (--this.#users > 0) return;
    this.#closing.abort();
    await this.actor.close();
    await this.pulse.close();
    await this.parts.logger.close();
    await this.parts.engine.close();
    await this.parts.store.close();
  }
}

const UNBOUNDED: Capacity = { cpuMillis: Infinity, memoryBytes: Infinity, gpus: Infinity };

function sum(capacities: readonly Capacity[]): Capacity {
  return {
    cpuMillis: capacities.reduce((total, capacity) => total + capacity.cpuMillis, 0),
    memoryBytes: capacities.reduce((total, capacity) => total + capacity.memoryBytes, 0),
    gpus: capacities.reduce((total, capacity) => total + capacity.gpus, 0),
  };
}
