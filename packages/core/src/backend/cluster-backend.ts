import type { LogBatches, LogQuery } from "../logs/log-entry.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { JobPhase } from "../status/job-status.ts";
import type { ClusterInfo } from "./cluster-info.ts";
import type { Job, JobEvent } from "./job.ts";
import type { VolumeAccess, VolumeShell } from "./volume-shell.ts";

/** A step of long work that a person may want to see, such as an image being pulled. */
export interface Progress {
  /** What is worked on, such as an image's name. */
  readonly subject: string;
  /** What is being done, such as `pulling`. */
  readonly activity: string;
  /** Bytes so far and in all, where known. */
  readonly current?: number;
  readonly total?: number;
}

/** How to submit. */
export interface SubmitOptions {
  /** Put this job in the place of one of the same name: finished, or with `force` also a running one. */
  readonly replace?: boolean;
  readonly force?: boolean;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** What became of a submit. */
export interface SubmitResult {
  readonly job: Job;
  /** False: a job of the same name and the same spec was there already and was left as it is. */
  readonly created: boolean;
}

/** Which jobs; all filters must hold. */
export interface JobFilter {
  readonly name?: string;
  readonly type?: string;
  readonly phases?: readonly JobPhase[];
  /** Labels that must be present with these values. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Which part of a long list. */
export interface PageRequest {
  /** At most so many; the backend's choice where absent. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly continue?: string;
}

/** A part of a list, by time of submit. */
export interface JobPage {
  readonly jobs: readonly Job[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** Where a job's ports can be reached (manual: `endpoint`). */
export interface Endpoint {
  /** Host names or addresses. */
  readonly hosts: readonly string[];
  /** Port numbers by port name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** Resource use of one unit now. */
export interface UnitUsage {
  readonly job: string;
  /** `master` or `worker-<index>`. */
  readonly unit: string;
  /** Thousandths of a core, averaged over the engine's sampling period. */
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A caller's own rights. */
export type Credentials =
  | { readonly type: "none" }
  | { readonly type: "token"; readonly token: string }
  | { readonly type: "cert"; readonly certificateData: string; readonly keyData: string };

/**
 * The waist of the system: everything above it knows no engine. Bound to one namespace, which its calls never leave.
 * Every call throws only ManagerError, ends with `CANCELLED` when its signal aborts, and may be made by
 * several processes at once. The conformance suite in `@juliarun/core/testing` states the behaviour case by case.
 */
export interface ClusterBackend {
  readonly namespace: string;

  /** @throws BACKEND_UNREACHABLE when the engine does not answer. */
  describe(signal?: AbortSignal): Promise<ClusterInfo>;

  /**
   * Claims the name and lets the job start as soon as resources allow; never waits for them. Idempotent: the same
   * spec again is the existing job. Nothing is left behind when it throws.
   * @throws JOB_EXISTS (other spec, no `replace`), JOB_INCOMPLETE (`replace` without `force`, and the old one is not finished),
   * JOB_BEING_DELETED, NEVER_FITS, IMAGE_NOT_FOUND, VOLUME_NOT_FOUND, CAPABILITY_UNSUPPORTED, BACKEND_UNREACHABLE.
   */
  submit(spec: JobSpec, plan: JobPlan, options?: SubmitOptions): Promise<SubmitResult>;

  /** @throws JOB_NOT_FOUND. */
  inspect(name: string, signal?: AbortSignal): Promise<Job>;

  /** Costs a number of engine calls that does not grow with the number of jobs. */
  list(filter?: JobFilter, page?: PageRequest, signal?: AbortSignal): Promise<JobPage>;

  /**
   * A snapshot at once, then every change. Survives disconnects of the engine and never misses a final state.
   * Ends when the signal aborts (no error).
   * @throws BACKEND_UNREACHABLE when the engine does not answer at the beginning.
   */
  watch(filter?: JobFilter, signal?: AbortSignal): AsyncIterable<JobEvent>;

  /**
   * Asks for that many workers; does not wait for them.
   * @throws JOB_NOT_FOUND; SPEC_INVALID for a job without workers or a number out of range; STATE_CONFLICT when the job is finished;
   * JOB_BEING_DELETED.
   */
  scale(name: string, workers: number, signal?: AbortSignal): Promise<void>;

  /**
   * Gives a service a new spec and replaces its units one after another, with never fewer ready than before; the only unit of a
   * service with an identity is stopped first. Does not wait for it: a new unit that does not work stops the update, and the status
   * says so. The scale stays, unless the spec has another one than before.
   * @throws JOB_NOT_FOUND; CAPABILITY_UNSUPPORTED for tasks; SPEC_INVALID for another type, other ports; STATE_CONFLICT when the job
   * is finished; JOB_BEING_DELETED; as `submit` for what cannot be.
   */
  update(name: string, spec: JobSpec, plan: JobPlan, signal?: AbortSignal): Promise<Job>;

  /** @throws JOB_NOT_FOUND, CAPABILITY_UNSUPPORTED for a job without ports, STATE_CONFLICT while it is not running. */
  endpoint(name: string, signal?: AbortSignal): Promise<Endpoint>;

  /** URL at which the job's HTTP port answers through the cluster. @throws as `endpoint`. */
  proxy(name: string, port?: string, signal?: AbortSignal): Promise<string>;

  /**
   * Removes the job and every object of it; the name is free when it returns. False when there was none.
   * @throws JOB_INCOMPLETE unless finished or forced.
   */
  delete(
    name: string,
    options?: { readonly force?: boolean },
    signal?: AbortSignal,
  ): Promise<boolean>;

  /** See {@link LogQuery}. @throws JOB_NOT_FOUND; SPEC_INVALID for an unknown unit or cursor. */
  logs(query: LogQuery, signal?: AbortSignal): LogBatches;

  /** Of running units of these jobs, or of all. */
  usage(names?: readonly string[], signal?: AbortSignal): Promise<UnitUsage[]>;

  /** The same cluster with a caller's own rights and another namespace; to be closed by the caller. @throws UNAUTHENTICATED, CAPABILITY_UNSUPPORTED. */
  as(credentials: Credentials | undefined, namespace: string): Promise<ClusterBackend>;

  /**
   * A container with a volume in it, for copying files; to be closed by the caller. Absent: this backend cannot.
   * @throws CAPABILITY_UNSUPPORTED for a kind of volume that it cannot mount, VOLUME_NOT_FOUND, IMAGE_NOT_FOUND, FORBIDDEN.
   */
  openVolume?(access: VolumeAccess, signal?: AbortSignal): Promise<VolumeShell>;

  /** Finishes what this process has begun, gives up its right to act, closes connections. Jobs go on. Idempotent. */
  close(): Promise<void>;
}
