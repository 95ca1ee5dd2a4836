import type { UnitClusterParts } from "../../engine/unit-cluster.ts";
import type { UnitEngine } from "../../engine/unit-engine.ts";
import { Life, mortalParts } from "../mortal-parts.ts";

/** The parts with some of the engine's calls changed. */
export function withEngine(
  parts: UnitClusterParts,
  change: (engine: UnitEngine) => Partial<UnitEngine>,
): UnitClusterParts {
  // Only as a way to a plain object that hands every call on.
  const { engine } = mortalParts(parts, new Life(Infinity));
  return { ...parts, engine: { ...engine, ...change(engine) } };
}
