import type { MetricPoint, MetricQuery } from "../accounting/accounting.ts";
import type { ClusterInfo } from "../backend/cluster-info.ts";
import type { ManagerError } from "../errors/manager-error.ts";
import type { LogQuery } from "../logs/log-entry.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { JobStatus } from "../status/job-status.ts";
import type { JobRef } from "./job-ref.ts";

/** Ends a call early. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A dry run: what would be submitted. */
export interface PlannedJob {
  readonly spec: JobSpec;
  readonly plan: JobPlan;
  readonly hash: string;
}

/** State of the cluster with its nodes (manual: `status(ctx; verbose=true)`). */
export type ClusterStatus =
  | { readonly up: true; readonly cluster: ClusterInfo }
  | { readonly up: false; readonly error: ManagerError };

/** What to ask of the cluster's status. */
export interface ClusterStatusOptions extends CallOptions {
  /** Nodes and capacity as well. */
  readonly verbose?: boolean;
}

/** Which logs to read; all of the namespace where no job is named. */
export interface TailOptions extends Omit<LogQuery, "job">, CallOptions {
  readonly job?: JobRef;
}

/** How to wait. */
export interface WaitOptions extends CallOptions {
  /** Called with the status at the beginning and at every change. */
  readonly onChange?: (status: JobStatus) => void;
}

/** How to delete. */
export interface DeleteOptions extends CallOptions {
  /** Also when the job is not finished. */
  readonly force?: boolean;
}

/** Which metrics to get. */
export type MetricsOptions = MetricQuery & CallOptions;

/** Time and tags of what is recorded. */
export type RecordMetricsOptions = Pick<MetricPoint, "atNs" | "tags"> & CallOptions;

/** What to show, how often. */
export interface ShowMetricsOptions extends MetricQuery, CallOptions {
  /** Number of repeats; 0: endless. 1 where absent. */
  readonly times?: number;
  /** Pause between repeats; 5 where absent. */
  readonly delaySeconds?: number;
}
