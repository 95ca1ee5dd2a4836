import type { JobPlan, UnitGroup } from "@juliarun/core";
import { isLinked } from "./linked.ts";

/** Which controller makes the pods of a group. */
export type ControllerKind = "Job" | "StatefulSet";

/**
 * A StatefulSet for what always restarts and for workers beside a master: they may become none and more again, and have no
 * outcome of their own. An Indexed Job for what ends by itself.
 */
export function controllerKind(
  plan: Pick<JobPlan, "groups">,
  group: Pick<UnitGroup, "role" | "restart">,
): ControllerKind {
  if (group.restart.policy === "always") return "StatefulSet";
  return group.role === "worker" && isLinked(plan) ? "StatefulSet" : "Job";
}
