import type { JobType, PlanContext } from "../job-types/job-type.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { JobPlan } from "./job-plan.ts";
import { checkDiskUse } from "./single-disk.ts";

/**
 * The plan of a spec that `makeSpec()` made. Pure: the same spec and configuration make the same plan.
 * @throws ManagerError SPEC_INVALID for what only the configuration can decide: unknown volume, image, bundle.
 */
export function makePlan(type: JobType, spec: JobSpec, context: PlanContext): JobPlan {
  const { name, parameters, files } = spec;
  const plan = type.plan({ name, parameters, files, context });
  checkDiskUse(type.name, name, plan);
  return plan;
}
