import type { UnitClusterParts } from "../engine/unit-cluster.ts";
import type { EngineEvent, UnitEngine } from "../engine/unit-engine.ts";
import type { Lease } from "../record/lease.ts";
import type { RecordStore } from "../record/record-store.ts";

/** A process that can die: it ends before a call that was agreed upon, or when it is killed. */
export class Life {
  /** Resolves when it has ended. */
  readonly died: Promise<void>;
  #callsLeft: number;
  #dead = false;
  readonly #die: () => void;

  /** @param calls - number of the call, from 1, before which it ends. */
  constructor(calls: number) {
    this.#callsLeft = calls;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.died = promise;
    this.#die = resolve;
  }

  get over(): boolean {
    return this.#dead;
  }

  kill(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#die();
  }

  /** Makes the call, unless the process has ended; what ended processes wait for never comes. */
  async call<Value>(make: () => Promise<Value>): Promise<Value> {
    if (--this.#callsLeft <= 0) this.kill();
    if (this.#dead) return never();
    const value = await make();
    return this.#dead ? never() : value;
  }
}

/**
 * The parts of a `UnitBackend` as a process has them that is killed before its call number `calls` to engine or store. What
 * an engine does within one call is not interrupted. For `WorldControls.mortalInstance`.
 */
export function mortalParts(parts: UnitClusterParts, life: Life): UnitClusterParts {
  void releaseAfter(life, parts);
  return {
    ...parts,
    store: mortalStore(parts.store, life),
    engine: mortalEngine(parts.engine, life),
    lease: mortalLease(parts.lease, life),
  };
}

/** What an operating system does for a process that has ended. */
async function releaseAfter(life: Life, { lease, ...parts }: UnitClusterParts): Promise<void> {
  await life.died;
  await lease.release();
  await Promise.all([parts.logger.close(), parts.engine.close(), parts.store.close()]);
}

function mortalStore(store: RecordStore, life: Life): RecordStore {
  return {
    create: async (...args) => life.call(async () => store.create(...args)),
    get: async (namespace, name) => life.call(async () => store.get(namespace, name)),
    list: async (filter) => life.call(async () => store.list(filter)),
    replace: async (...args) => life.call(async () => store.replace(...args)),
    remove: async (record) => life.call(async () => store.remove(record)),
    wasRemoved: async (uid) => life.call(async () => store.wasRemoved(uid)),
    onChange: (listener) => store.onChange(() => (life.over ? undefined : listener())),
    close: async () => store.close(),
  };
}

function mortalEngine(engine: UnitEngine, life: Life): UnitEngine {
  return {
    ...(engine.sharesHostPorts === undefined ? {} : { sharesHostPorts: engine.sharesHostPorts }),
    ...(engine.check
      ? { check: async (...args) => life.call(async () => engine.check?.(...args)) }
      : {}),
    ...(engine.nodes
      ? { nodes: async (...args) => life.call(async () => engine.nodes?.(...args) ?? []) }
      : {}),
    ...(engine.apply
      ? { apply: async (...args) => life.call(async () => engine.apply?.(...args)) }
      : {}),
    describe: async (...args) => life.call(async () => engine.describe(...args)),
    prepare: async (...args) => life.call(async () => engine.prepare(...args)),
    observe: async (...args) => life.call(async () => engine.observe(...args)),
    start: async (...args) => life.call(async () => engine.start(...args)),
    restart: async (...args) => life.call(async () => engine.restart(...args)),
    stop: async (...args) => life.call(async () => engine.stop(...args)),
    remove: async (...args) => life.call(async () => engine.remove(...args)),
    cleanup: async (...args) => life.call(async () => engine.cleanup(...args)),
    recover: async (...args) => life.call(async () => engine.recover(...args)),
    endpoint: async (...args) => life.call(async () => engine.endpoint(...args)),
    proxy: async (...args) => life.call(async () => engine.proxy(...args)),
    usage: async (...args) => life.call(async () => engine.usage(...args)),
    events: (signal) => eventsOf(engine, life, signal),
    close: async () => engine.close(),
  };
}

async function* eventsOf(
  engine: UnitEngine,
  life: Life,
  signal: AbortSignal,
): AsyncIterable<EngineEvent> {
  for await (const event of engine.events(signal)) {
    if (life.over) return;
    yield event;
  }
}

function mortalLease(lease: Lease, life: Life): Lease {
  return {
    acquire: async () => !life.over && (await lease.acquire()),
    held: () => !life.over && lease.held(),
    release: async () => lease.release(),
    onFree: (listener) => lease.onFree(() => (life.over ? undefined : listener())),
  };
}

async function never(): Promise<never> {
  return new Promise<never>(() => undefined);
}
