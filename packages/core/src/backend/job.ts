import type { JobSpec } from "../spec/job-spec.ts";
import type { JobStatus } from "../status/job-status.ts";

/** A submitted job as everybody may see it. */
export interface Job {
  readonly namespace: string;
  readonly name: string;
  /** Identity of this submit: another job of the same name has another one. */
  readonly uid: string;
  readonly type: string;
  readonly spec: JobSpec;
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly status: JobStatus;
}

/** What `watch()` yields. */
export type JobEvent =
  /** All jobs that match: first of all, and again after every gap. What is absent here was deleted. */
  | { readonly type: "snapshot"; readonly jobs: readonly Job[] }
  | { readonly type: "changed"; readonly job: Job }
  | { readonly type: "deleted"; readonly name: string; readonly uid: string }
  /** The engine cannot be reached; a snapshot follows when it can again. */
  | { readonly type: "disconnected"; readonly message: string };
