import type { Capacity } from "../backend/cluster-info.ts";
import type { UnitStart } from "../engine/unit-engine.ts";
import { compareUnits, unitName } from "../plan/unit-id.ts";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import { MemoryContainer } from "./memory-container.ts";
import { MemoryLeaseTable } from "./memory-lease.ts";
import { MemoryLog } from "./memory-log.ts";
import { MemoryRecordTable } from "./memory-record-table.ts";
import { startProgram } from "./start-program.ts";

/** What a simulated cluster is like. */
export interface MemoryWorldOptions {
  /** 8 cores and 16 GiB where absent. */
  readonly capacity?: Capacity;
  /** Images that do not exist; all others do. */
  readonly missingImages?: readonly string[];
  /** Folders of the host that do not exist; all others do. */
  readonly missingPaths?: readonly string[];
  /** Pause before the engine starts a failed program again; doubles each time. 100 where absent, as on Docker. */
  readonly backoffMs?: number;
}

/** What the simulated engine tells: a container changed, wrote something, or the connection to the engine did. */
export type WorldEvent =
  | { readonly type: "changed"; readonly jobUid: string }
  | { readonly type: "wrote"; readonly jobUid: string }
  | { readonly type: "connected" }
  | { readonly type: "disconnected"; readonly message: string };

const LONGEST_BACKOFF_MS = 60_000;
const GIB = 2 ** 30;

/**
 * A simulated engine with its containers, and what the processes that use it share: records and the lease. Lives in
 * this process and ends with it.
 */
export class MemoryWorld {
  readonly options: MemoryWorldOptions;
  readonly capacity: Capacity;
  readonly records = new MemoryRecordTable();
  readonly lease = new MemoryLeaseTable();
  /** Files on volumes, by `volumeFile()`. */
  readonly files = new Map<string, Uint8Array>();
  readonly #containers = new Map<string, MemoryContainer>();
  readonly #listeners = new Set<(event: WorldEvent) => void>();
  #reachable = true;
  #nextId = 1;
  #asked = 0;

  constructor(options: MemoryWorldOptions = {}) {
    this.options = options;
    this.capacity = options.capacity ?? { cpuMillis: 8000, memoryBytes: 16 * GIB, gpus: 0 };
  }

  /** Whether the engine answers. */
  get reachable(): boolean {
    return this.#reachable;
  }

  /** Cuts the connection to the engine for everybody; containers go on. */
  disconnect(): void {
    this.#reachable = false;
    this.#tell({ type: "disconnected", message: "The simulated engine does not answer." });
  }

  reconnect(): void {
    this.#reachable = true;
    this.#tell({ type: "connected" });
  }

  /** In the order of jobs' submits, units and attempts. */
  containers(): MemoryContainer[] {
    return [...this.#containers.values()].toSorted(
      (a, b) =>
        a.record.createdAt - b.record.createdAt ||
        compareUnits(a.unit, b.unit) ||
        a.attempt - b.attempt,
    );
  }

  container(id: string): MemoryContainer | undefined {
    return this.#containers.get(id);
  }

  find(
    unit: Pick<ObservedUnit, "jobUid" | "role" | "index" | "attempt">,
  ): MemoryContainer | undefined {
    return this.#containers.get(keyOf(unit.jobUid, unit, unit.attempt));
  }

  /** What a service says at a service port, or at a container's port: its units take turns. Undefined where nobody answers. */
  ask(namespace: string, job: string, port: number): string | undefined {
    const answers = this.containers().flatMap((container) => {
      const { record, unit } = container;
      if (record.namespace !== namespace || record.name !== job) return [];
      const group = record.plan.groups.find(({ role }) => role === unit.role);
      const served = group?.container.ports.find(({ servicePort }) => servicePort === port);
      return container.answer(served?.containerPort ?? port) ?? [];
    });
    return answers[this.#asked++ % answers.length];
  }

  /** Makes the unit's container, or returns the one that is there. */
  create(request: UnitStart): MemoryContainer {
    const key = keyOf(request.record.uid, request.unit, request.attempt);
    const existing = this.#containers.get(key);
    if (existing) return existing;
    const { uid } = request.record;
    const log = new MemoryLog(nowNs, () => this.#tell({ type: "wrote", jobUid: uid }));
    const container = new MemoryContainer(`memory-${this.#nextId++}`, request, {
      log,
      now: Date.now,
      run: (started) =>
        startProgram(started, this.files, (job, port) =>
          this.ask(request.record.namespace, job, port),
        ),
      changed: () => this.#tell({ type: "changed", jobUid: uid }),
      backoffMs: (restarts) =>
        Math.min(LONGEST_BACKOFF_MS, (this.options.backoffMs ?? 100) * 2 ** restarts),
    });
    this.#containers.set(key, container);
    this.#tell({ type: "changed", jobUid: uid });
    return container;
  }

  /** Ends the program at once and forgets the container with its log. */
  remove(container: MemoryContainer): void {
    container.kill();
    this.#containers.delete(keyOf(container.record.uid, container.unit, container.attempt));
    this.#tell({ type: "changed", jobUid: container.record.uid });
  }

  /** Ends everything. */
  end(): void {
    for (const container of this.#containers.values()) container.kill();
  }

  /** Returns the unsubscribe. */
  onEvent(listener: (event: WorldEvent) => void): () => void {
    const own = (event: WorldEvent): void => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  #tell(event: WorldEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function keyOf(uid: string, unit: Pick<ObservedUnit, "role" | "index">, attempt: number): string {
  return `${uid}/${unitName(unit)}/${attempt}`;
}

/** Wall clock with the resolution of the process's own. */
function nowNs(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
