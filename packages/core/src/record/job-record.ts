import type { JobPlan } from "../plan/job-plan.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { ReasonCode } from "../status/reason.ts";

/** A unit's last word: what the engine said when it ended for good. */
export interface UnitFinal {
  readonly result: "succeeded" | "failed" | "stopped" | "lost";
  /** Absent where the engine never had one (lost, never started). */
  readonly exitCode?: number;
  readonly reason: ReasonCode;
  readonly message: string;
  readonly restarts: number;
  /** Milliseconds since 1970. */
  readonly finishedAt: number;
}

/** What must be known of a unit even when the engine has forgotten it. */
export interface UnitRecord {
  /** Number of the unit's container, from 0; grows when a vanished or finished one is replaced. */
  readonly attempt: number;
  /** Restarts that the engine no longer counts. */
  readonly priorRestarts: number;
  /** `finishedAt` of the end that the newest of `priorRestarts` answers, so that it is counted once. */
  readonly restartedFrom?: number;
  /** First seen or made running, milliseconds since 1970. Absent: never known to run. */
  readonly startedAt?: number;
  /** Once set, never changed for this attempt, and the unit is not started again. */
  readonly final?: UnitFinal;
}

/** A job's end. Once in the record it stays, whatever happens to containers. */
export interface JobOutcome {
  readonly phase: "succeeded" | "failed" | "lost";
  readonly reason: ReasonCode;
  readonly message: string;
  /** The deciding unit's exit code, where it had one. */
  readonly exitCode?: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the user wants of one job, and what is final about it. Changed by compare-and-swap only. */
export interface JobRecord {
  readonly namespace: string;
  readonly name: string;
  /** Identity of this submit; every engine object of it carries it. */
  readonly uid: string;
  /** Opaque version for compare-and-swap, given by the store. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly spec: JobSpec;
  /** Hash of the normalised spec; see `specHash()`. */
  readonly hash: string;
  readonly plan: JobPlan;
  /** Of a service: number of the updates that led to this spec and plan; 0 where absent. */
  readonly revision?: number;
  /** Of a service: a unit of its last update has not become ready in time. */
  readonly updateStalled?: boolean;
  /** Workers asked for now. */
  readonly requestedWorkers: number;
  /** Set by delete; a marked job only ever loses units. Milliseconds since 1970. */
  readonly deletionRequestedAt?: number;
  /** Keyed by `unitName()`. */
  readonly units: Readonly<Record<string, UnitRecord>>;
  readonly outcome?: JobOutcome;
  /** Jobs of `plan.after` that have succeeded; they may be gone by now. */
  readonly metDependencies?: readonly string[];
  /** Generated secrets (the cluster cookie) by name; never shown. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A record as handed to a store for the first time: the store gives the version. */
export type NewJobRecord = Omit<JobRecord, "version">;
