import type { JobRecord } from "../record/job-record.ts";
import type { JobPlan, UnitGroup } from "./job-plan.ts";
import type { UnitRole } from "./unit-id.ts";

/** How long a program has to end before it is killed, where its plan does not say. */
const GRACE_SECONDS = 10;

/** Whether a job is a service, which never ends by itself. */
export function isService({ completion }: Pick<JobPlan, "completion">): boolean {
  return completion === "none";
}

/**
 * Whether a unit may run twice for the moment in which one takes the place of the other. One that is its job's only one has
 * an identity: its name, and data that no two may use.
 */
export function mayOverlap({ role, lifecycle }: Pick<UnitGroup, "role" | "lifecycle">): boolean {
  return lifecycle === "service" && role === "worker";
}

/** Seconds that a program of this group has to end when it is asked to. */
export function graceSecondsOf(group: Pick<UnitGroup, "graceSeconds"> | undefined): number {
  return group?.graceSeconds ?? GRACE_SECONDS;
}

/** The same of the group of a role. */
export function graceSecondsIn(plan: JobPlan | undefined, role: UnitRole): number {
  return graceSecondsOf(plan?.groups.find((group) => group.role === role));
}

/** How often the job has been updated. */
export function revisionOf({ revision }: Pick<JobRecord, "revision">): number {
  return revision ?? 0;
}
