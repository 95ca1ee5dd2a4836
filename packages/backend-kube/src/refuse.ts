import { ManagerError, type JobPlan } from "@juliarun/core";

/**
 * Refuses what this backend cannot do yet, before a name is claimed.
 * @throws ManagerError CAPABILITY_UNSUPPORTED.
 */
export function refuseUnsupported(plan: JobPlan): void {
  if (plan.groups.some(({ lifecycle }) => lifecycle === "service")) {
    throw new ManagerError(
      "CAPABILITY_UNSUPPORTED",
      "This version runs no services on Kubernetes.",
    );
  }
}
