import type { Capacity } from "../backend/cluster-info.ts";
import { UnitBackend } from "../engine/unit-backend.ts";
import type { UnitClusterParts } from "../engine/unit-cluster.ts";
import { MemoryEngine } from "./memory-engine.ts";
import { MemoryLease } from "./memory-lease.ts";
import { MemoryLogger } from "./memory-logger.ts";
import { MemoryRecordStore } from "./memory-record-store.ts";
import { MemoryWorld } from "./memory-world.ts";

/** Options of {@link createMemoryBackend}. */
export interface MemoryBackendOptions {
  /** `default` where absent. */
  readonly namespace?: string;
  /** What jobs may use in all; the world's capacity where absent. */
  readonly capacity?: Capacity;
  /** By namespace. */
  readonly quotas?: UnitClusterParts["quotas"];
  /** The simulated cluster, to be shared with other backends; where absent a new one, which ends with this backend. */
  readonly world?: MemoryWorld;
}

/**
 * What a process needs to use a simulated cluster: one connection, one store, one candidate for the lease.
 * @param endsWorld - whether the cluster ends with this process.
 */
export function memoryParts(world: MemoryWorld, endsWorld = false): UnitClusterParts {
  const store = new MemoryRecordStore(world.records);
  return {
    store,
    lease: new MemoryLease(world.lease),
    engine: new MemoryEngine(world, endsWorld),
    logger: new MemoryLogger(world, store),
  };
}

/**
 * A backend without an engine (`clustertype` "memory"): containers are simulated in this process, which nothing
 * outlives. For trying things out and for tests. Commands are not run: those that hold a `Program` are interpreted,
 * all others only say that they were called.
 */
export function createMemoryBackend(options: MemoryBackendOptions = {}): UnitBackend {
  const { namespace = "default", capacity, quotas, world } = options;
  const parts = world ? memoryParts(world) : memoryParts(new MemoryWorld(), true);
  return new UnitBackend({
    ...parts,
    namespace,
    ...(capacity ? { capacity } : {}),
    ...(quotas ? { quotas } : {}),
  });
}
