import type { SubmitOptions, SubmitResult } from "../../backend/cluster-backend.ts";
import { ManagerError, isManagerError } from "../../errors/manager-error.ts";
import type { JobPlan } from "../../plan/job-plan.ts";
import type { JobSpec } from "../../spec/job-spec.ts";
import { isFinal } from "../../status/job-status.ts";
import { brokenCalls, type BrokenBackend } from "./broken-backend.ts";
import { PassThrough } from "./pass-through.ts";
import { without } from "./without.ts";

class RefusesTheSame extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    const result = await super.submit(spec, plan, options);
    if (result.created) return result;
    throw new ManagerError("JOB_EXISTS", `Job ${spec.name} exists.`);
  }
}

class RunsFinishedAgain extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    const result = await super.submit(spec, plan, options);
    if (result.created || !isFinal(result.job.status)) return result;
    return super.submit(spec, plan, { ...options, replace: true });
  }
}

class IgnoresOtherSpecs extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    try {
      return await super.submit(spec, plan, options);
    } catch (error) {
      if (!isManagerError(error, "JOB_EXISTS")) throw error;
      return { job: await this.inspect(spec.name), created: false };
    }
  }
}

class TakesScaleForSpec extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    const result = await super.submit(spec, plan, options);
    const { nworkers } = result.job.spec.parameters;
    if (nworkers === spec.parameters["nworkers"]) return result;
    throw new ManagerError("JOB_EXISTS", `Job ${spec.name} has another scale.`);
  }
}

class ReplacesWithoutForce extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    return super.submit(spec, plan, { ...options, ...(options?.replace ? { force: true } : {}) });
  }
}

class ForgetsToReplace extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    return super.submit(spec, plan, { ...options, replace: false });
  }
}

class WaitsForResources extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    const result = await super.submit(spec, plan, options);
    for await (const event of this.watch({ name: spec.name }, AbortSignal.timeout(10_000))) {
      const job =
        event.type === "snapshot"
          ? event.jobs[0]
          : event.type === "changed"
            ? event.job
            : undefined;
      if (job && job.status.phase !== "queued") break;
    }
    return result;
  }
}

class LeavesRecords extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    try {
      return await super.submit(spec, plan, options);
    } catch (error) {
      if (isManagerError(error, "NEVER_FITS")) {
        await super.submit(spec, { ...plan, groups: [], minWorkers: 0 }, options);
      }
      throw error;
    }
  }
}

class DropsDeadlines extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    const endless = without(plan, "maxRuntimeSeconds", "keepAfterFinishSeconds");
    return super.submit(spec, endless, options);
  }
}

class IgnoresDependencies extends PassThrough {
  override async submit(
    spec: JobSpec,
    plan: JobPlan,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    return super.submit(spec, { ...plan, after: [] }, options);
  }
}

/** Faults of `submit`. */
export const BROKEN_SUBMIT: readonly BrokenBackend[] = [
  brokenCalls(
    "refuses the same spec",
    ["submit/same-while-running", "submit/two-at-once-same"],
    RefusesTheSame,
  ),
  brokenCalls("runs a finished job again", ["submit/same-after-end"], RunsFinishedAgain),
  brokenCalls(
    "takes another spec for the same",
    ["submit/other-spec", "submit/two-at-once-different"],
    IgnoresOtherSpecs,
  ),
  brokenCalls("takes another scale for another spec", ["submit/other-scale"], TakesScaleForSpec),
  brokenCalls(
    "replaces a running job without force",
    ["submit/replace-running"],
    ReplacesWithoutForce,
  ),
  brokenCalls(
    "does not replace",
    ["submit/replace-finished", "submit/replace-same"],
    ForgetsToReplace,
  ),
  brokenCalls("waits for resources in submit", ["queue/waits"], WaitsForResources),
  brokenCalls(
    "leaves a record of a refused job",
    ["refusal/never-fits", "refusal/leaves-nothing"],
    LeavesRecords,
  ),
  brokenCalls(
    "knows no deadlines",
    ["limit/max-runtime", "limit/keep-after-finish"],
    DropsDeadlines,
  ),
  brokenCalls(
    "ignores dependencies",
    ["limit/after-waits", "limit/after-failed"],
    IgnoresDependencies,
  ),
];
