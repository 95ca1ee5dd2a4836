import { isManagerError, ManagerError } from "../errors/manager-error.ts";
import type { JobType, PlanContext } from "../job-types/job-type.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { checkPlan } from "./check-plan.ts";
import type { JobPlan } from "./job-plan.ts";
import { checkDiskUse } from "./single-disk.ts";

/**
 * The plan of a spec that `makeSpec()` made. Pure: the same spec and configuration make the same plan.
 * @throws ManagerError SPEC_INVALID for what only the configuration can decide: unknown volume, image, bundle; CONFIG_INVALID when the
 * type, which may be a user's own, throws anything else or makes no plan that could be run.
 */
export function makePlan(type: JobType, spec: JobSpec, context: PlanContext): JobPlan {
  const plan = planOf(type, spec, context);
  checkPlan(type.name, plan);
  checkDiskUse(type.name, spec.name, plan);
  return plan;
}

function planOf(type: JobType, spec: JobSpec, context: PlanContext): JobPlan {
  try {
    const { name, parameters, files } = spec;
    return type.plan({ name, parameters, files, context });
  } catch (error) {
    if (isManagerError(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ManagerError(
      "CONFIG_INVALID",
      `The job type ${type.name} cannot plan the job ${spec.name}: ${reason}`,
      { hint: "Correct its plan().", cause: error },
    );
  }
}
