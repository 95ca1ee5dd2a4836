import type { UnitRole } from "../plan/unit-id.ts";
import type { ReasonCode } from "./reason.ts";

/** Where a job is in its life. `queued` and `starting` are not yet running; the last three are final. */
export type JobPhase =
  | "queued"
  | "starting"
  | "running"
  | "idle"
  | "deleting"
  | "succeeded"
  | "failed"
  | "lost";

/** Where a unit is in its life. */
export type UnitPhase =
  | "pending"
  | "starting"
  | "running"
  | "restarting"
  | "succeeded"
  | "failed"
  | "stopped"
  | "lost";

/** One unit as seen now. */
export interface UnitStatus {
  /** `master` or `worker-<index>`. */
  readonly name: string;
  readonly role: UnitRole;
  readonly index: number;
  readonly phase: UnitPhase;
  readonly reason: ReasonCode;
  readonly message: string;
  /** Starts so far, the first included; 0 while it never started. */
  readonly attempts: number;
  /** Exit code of the last end, where there was one. */
  readonly exitCode?: number;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  /** Milliseconds since 1970. */
  readonly finishedAt?: number;
}

/** Status of a job. The first five fields are the manual's (Monitoring, `status(ctx, job)`). */
export interface JobStatus {
  /** Whether the job has been scheduled: some unit was given to the engine. */
  readonly created: boolean;
  /** Whether the job completed successfully. */
  readonly succeeded: boolean;
  /** Workers that completed successfully. */
  readonly nworkersSucceeded: number;
  /** Workers requested. */
  readonly parallelism: number;
  /** Units that wait to be created. */
  readonly npending: number;

  readonly phase: JobPhase;
  readonly reason: ReasonCode;
  /** One sentence for people: why it waits, why it failed. */
  readonly message: string;
  /** The deciding unit's exit code once the job is final. */
  readonly exitCode?: number;
  /** Of a service: number of the update whose spec it has, 0 before the first. */
  readonly revision?: number;
  /** Workers running now (of a service: and answering), those included that were scaled away and have not ended yet. */
  readonly nworkersRunning: number;
  /** Milliseconds since 1970. */
  readonly submittedAt: number;
  /** Start of the first unit, milliseconds since 1970. */
  readonly startedAt?: number;
  /** Milliseconds since 1970; only when final. */
  readonly finishedAt?: number;
  readonly units: readonly UnitStatus[];
}

const FINAL: ReadonlySet<JobPhase> = new Set<JobPhase>(["succeeded", "failed", "lost"]);

/** Whether the phase never changes again. */
export function isFinal(status: Pick<JobStatus, "phase">): boolean {
  return FINAL.has(status.phase);
}
