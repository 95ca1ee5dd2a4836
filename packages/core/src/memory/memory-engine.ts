import type { Endpoint, UnitUsage } from "../backend/cluster-backend.ts";
import type { ClusterInfo } from "../backend/cluster-info.ts";
import { throwIfAborted } from "../engine/abortable.ts";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { EndedOf, EngineEvent, UnitEngine, UnitStart } from "../engine/unit-engine.ts";
import { ManagerError } from "../errors/manager-error.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { unitName } from "../plan/unit-id.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import type { JobRecord, NewJobRecord } from "../record/job-record.ts";
import { EventQueue } from "../engine/event-queue.ts";
import type { MemoryContainer } from "./memory-container.ts";
import type { MemoryWorld } from "./memory-world.ts";

const ENGINE = "the simulated engine";

/** One process's connection to a {@link MemoryWorld}. */
export class MemoryEngine implements UnitEngine {
  readonly #world: MemoryWorld;

  readonly #endsWorld: boolean;

  /** @param endsWorld - whether `close()` ends everything in the world. */
  constructor(world: MemoryWorld, endsWorld = false) {
    this.#world = world;
    this.#endsWorld = endsWorld;
  }

  async describe(namespace: string, signal?: AbortSignal): Promise<ClusterInfo> {
    await this.#answer(signal);
    const nothing = { cpuMillis: 0, memoryBytes: 0, gpus: 0 };
    const { capacity } = this.#world;
    return {
      kind: "memory",
      version: "1",
      address: "memory:",
      namespace,
      nodes: [{ name: "memory", ready: true, capacity, allocated: nothing }],
      capabilities: {
        queueing: true,
        services: true,
        externalEndpoints: false,
        proxy: false,
        usage: true,
        gpus: capacity.gpus > 0,
        credentials: false,
      },
    };
  }

  async prepare(plan: JobPlan, _onProgress?: unknown, signal?: AbortSignal): Promise<void> {
    await this.#answer(signal);
    const { missingImages = [], missingPaths = [] } = this.#world.options;
    for (const { container } of plan.groups) {
      if (missingImages.includes(container.image)) {
        throw new ManagerError("IMAGE_NOT_FOUND", `Image ${container.image} does not exist.`);
      }
      for (const { volume } of container.mounts) {
        checkVolume(volume, plan.volumes[volume], missingPaths);
      }
    }
  }

  async observe(
    detailed: (unit: ObservedUnit) => boolean,
    signal?: AbortSignal,
    endedOf?: EndedOf,
  ): Promise<ObservedUnit[]> {
    await this.#answer(signal);
    const containers = this.#world.containers();
    const living = containers
      .map((each) => each.observe(false))
      .filter(({ state }) => state !== "exited");
    const wanted = endedOf?.(living);
    return containers.flatMap((container) => {
      const unit = container.observe(false);
      if (unit.state === "exited" && wanted?.has(unit.jobUid) === false) return [];
      return detailed(unit) ? container.observe(true) : unit;
    });
  }

  async start(request: UnitStart, signal?: AbortSignal): Promise<number | undefined> {
    await this.#answer(signal);
    const container = this.#world.create(request);
    if (container.observe(false).state === "created") container.start();
    return container.observe(true).startedAt;
  }

  async restart(unit: ObservedUnit, restartsLeft: number, signal?: AbortSignal): Promise<void> {
    const container = await this.#find(unit, signal);
    if (!container) throw new ManagerError("STATE_CONFLICT", `${unitName(unit)} is gone.`);
    container.start(restartsLeft);
  }

  async stop(unit: ObservedUnit, graceSeconds: number, signal?: AbortSignal): Promise<void> {
    const container = await this.#find(unit, signal);
    await container?.stop(graceSeconds * 1000);
  }

  async remove(unit: ObservedUnit, signal?: AbortSignal): Promise<void> {
    const container = await this.#find(unit, signal);
    if (container) this.#world.remove(container);
  }

  async cleanup(_record: unknown, signal?: AbortSignal): Promise<void> {
    await this.#answer(signal);
  }

  async *events(signal: AbortSignal): AsyncIterable<EngineEvent> {
    const queue = new EventQueue<EngineEvent>(signal);
    const unsubscribe = this.#world.onEvent((event) => {
      if (event.type !== "wrote") queue.push(event);
    });
    try {
      if (this.#world.reachable) yield { type: "connected" };
      yield* queue;
    } finally {
      unsubscribe();
    }
  }

  async recover(signal?: AbortSignal): Promise<NewJobRecord[]> {
    await this.#answer(signal);
    const records = new Map<string, NewJobRecord>();
    for (const { record } of this.#world.containers()) {
      records.set(record.uid, { ...record, units: {} });
    }
    return [...records.values()];
  }

  /** Nothing is reachable from outside this process; `MemoryWorld.ask()` knows the host. */
  async endpoint({ plan, ...record }: JobRecord, signal?: AbortSignal): Promise<Endpoint> {
    await this.#answer(signal);
    const ports = plan.groups.flatMap(({ container }) => container.ports);
    return {
      hosts: [`${record.name}.${record.namespace}.memory`],
      ports: Object.fromEntries(ports.map(({ name, servicePort }) => [name, servicePort])),
    };
  }

  async proxy(): Promise<string> {
    throw new ManagerError("CAPABILITY_UNSUPPORTED", `${ENGINE} has no proxy.`);
  }

  async usage(
    units: readonly ObservedUnit[],
    signal?: AbortSignal,
  ): Promise<(Omit<UnitUsage, "job"> & { jobUid: string })[]> {
    await this.#answer(signal);
    const at = Date.now();
    return units.map((unit) => {
      const name = unitName(unit);
      return { jobUid: unit.jobUid, unit: name, cpuMillis: 0, memoryBytes: 2 ** 20, at };
    });
  }

  async close(): Promise<void> {
    if (this.#endsWorld) this.#world.end();
  }

  async #find(unit: ObservedUnit, signal?: AbortSignal): Promise<MemoryContainer | undefined> {
    await this.#answer(signal);
    return this.#world.find(unit);
  }

  /** A call leaves this process and comes back: others get their turn meanwhile. */
  async #answer(signal: AbortSignal | undefined): Promise<void> {
    throwIfAborted(signal);
    await new Promise((resolve) => setImmediate(resolve));
    throwIfAborted(signal);
    if (!this.#world.reachable) {
      throw new ManagerError("BACKEND_UNREACHABLE", `${ENGINE} does not answer.`);
    }
  }
}

function checkVolume(
  name: string,
  source: VolumeSource | undefined,
  missingPaths: readonly string[],
): void {
  if (!source) throw new ManagerError("VOLUME_NOT_FOUND", `There is no volume ${name}.`);
  if (source.kind === "scratch") return;
  if (source.kind !== "hostpath") {
    const message = `Volume ${name}: ${ENGINE} has no volumes of kind ${source.kind}.`;
    throw new ManagerError("CAPABILITY_UNSUPPORTED", message);
  }
  if (missingPaths.includes(source.path)) {
    throw new ManagerError("VOLUME_NOT_FOUND", `Volume ${name}: there is no ${source.path}.`);
  }
}
