import type { UnitGroup } from "@juliarun/core";

/** Which controller makes the pods of a group. */
export type ControllerKind = "Job" | "StatefulSet";

/**
 * A StatefulSet for what always restarts. An Indexed Job for the rest: a StatefulSet starts again what ended well, and what fails
 * without any limit. It also counts restarts unit by unit, and grows and shrinks as well.
 */
export function controllerKind({ restart }: Pick<UnitGroup, "restart">): ControllerKind {
  return restart.policy === "always" ? "StatefulSet" : "Job";
}
