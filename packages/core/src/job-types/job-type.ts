import type { z } from "zod";
import type { JobPlan } from "../plan/job-plan.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import type { PlacedFile } from "../spec/job-spec.ts";

/** An entry of the configuration's `images` section (manual: Images). */
export interface ImageSource {
  /** Reference as the engine pulls it. */
  readonly image: string;
  /** Path or name of the program that runs scripts: `julia` where absent. */
  readonly executable: string;
  /** The manual's `juliaver`, without judgement. */
  readonly juliaver?: string;
  /** User that the image's programs run as; overrides the backend's choice. */
  readonly user?: string;
}

/** What of the configuration a plan may depend on. */
export interface PlanContext {
  readonly namespace: string;
  readonly images: Readonly<Record<string, ImageSource>>;
  readonly volumes: Readonly<Record<string, VolumeSource>>;
  /** Names of package bundles. */
  readonly packages: readonly string[];
  /** Volume that keeps the packages of jobs' projects; each job's run volume where absent. */
  readonly projectCache?: string;
  /** URL of the server for jobs, where one is configured. */
  readonly serverUrl?: string;
}

/** One job to plan: parameters are already checked by the type's schema. */
export interface PlanInput<Parameters> {
  readonly name: string;
  readonly parameters: Parameters;
  readonly files: readonly PlacedFile[];
  readonly context: PlanContext;
}

/**
 * A kind of job: a schema of parameters and a pure function from parameters to a plan. The built-in ones and a user's
 * own are registered the same way.
 */
export interface JobType<Schema extends z.ZodObject = z.ZodObject> {
  /** As in `jrun submit <name>`, such as `JuliaBatch`. */
  readonly name: string;
  /** One sentence for help and documentation. */
  readonly summary: string;
  /** Section of the manual that defines it; absent for a user's own. */
  readonly manual?: string;
  /**
   * Parameters without the job's name and other `RESERVED_PARAMETERS`, in camelCase, strict, with defaults; each described by `.meta({ description })`.
   * Other spellings (`run_volume`, `run-volume`) are translated before it sees them.
   */
  readonly schema: Schema;
  /** Required parameters in the manual's positional order, after the name. */
  readonly positional: readonly (keyof z.infer<Schema> & string)[];
  /**
   * @throws ManagerError SPEC_INVALID for what only the configuration can decide: unknown volume, image, bundle;
   * a script under a volume that is not mounted.
   */
  plan(input: PlanInput<z.infer<Schema>>): JobPlan;
}
