import type { JobPlan } from "@juliarun/core";

/** Whether a job has workers that connect to a master. */
export function isLinked({ groups }: Pick<JobPlan, "groups">): boolean {
  return ["master", "worker"].every((role) => groups.some((group) => group.role === role));
}
