import type { ClusterBackend } from "../../backend/cluster-backend.ts";
import type { UnitClusterParts } from "../../engine/unit-cluster.ts";
import type { MemoryWorld } from "../../memory/memory-world.ts";
import type { MemoryHarnessOptions } from "../memory-harness.ts";

/** A memory backend that breaks one rule on purpose: the suite must reject it. */
export interface BrokenBackend {
  /** What it does wrong. */
  readonly fault: string;
  /** Cases that must fail with it. */
  readonly rejectedBy: readonly string[];
  readonly options: MemoryHarnessOptions;
}

type Wrapper = new (inner: ClusterBackend, world: MemoryWorld) => ClusterBackend;

/** A fault in the backend's own calls. */
export function brokenCalls(
  fault: string,
  rejectedBy: readonly string[],
  Broken: Wrapper,
): BrokenBackend {
  return { fault, rejectedBy, options: { backend: (inner, world) => new Broken(inner, world) } };
}

/** A fault in what the backend is made of. */
export function brokenParts(
  fault: string,
  rejectedBy: readonly string[],
  parts: (parts: UnitClusterParts, world: MemoryWorld) => UnitClusterParts,
): BrokenBackend {
  return { fault, rejectedBy, options: { parts } };
}
