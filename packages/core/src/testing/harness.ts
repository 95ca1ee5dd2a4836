import type { ClusterBackend, Endpoint } from "../backend/cluster-backend.ts";
import type { Capacity } from "../backend/cluster-info.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import type { Quota } from "../reconcile/quota.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { ProgramJob } from "./program-job.ts";

/**
 * What a harness may or may not be able to do to the engine. Where it cannot, it says why in `lacking`, and cases that
 * need it are reported as not applicable.
 */
export interface WorldControls {
  /** Makes the engine unreachable for all instances; containers go on. */
  disconnect(): Promise<void>;
  reconnect(): Promise<void>;
  /**
   * Kills a running unit's program from outside, as its machine might. `unit` as `unitName()` has it.
   * @returns the exit codes that the engine may tell of it: 137 (128 + SIGKILL), also 143 where it sends SIGTERM first.
   */
  killUnit(namespace: string, job: string, unit: string): Promise<readonly number[]>;
  /** Removes a unit's container behind the backend's back. */
  removeUnit(namespace: string, job: string, unit: string): Promise<void>;
  /** Makes an empty file of this name in the volume `volumes.present`. */
  touch(name: string): Promise<void>;
  /** What the HTTP server behind a port of an endpoint says; undefined where it does not answer. */
  ask(endpoint: Endpoint, port: string): Promise<string | undefined>;
  /** Every object of the engine, and every record, that is still there for these namespaces, in readable words. */
  leftovers(namespaces: readonly string[]): Promise<string[]>;
  /**
   * An instance as of another process, which is killed before its call number `calls` (from 1) to the engine or to its
   * records: from then on nothing that it does has any effect, and what it holds becomes free. Its calls need not end.
   */
  mortalInstance(calls: number): Promise<MortalInstance>;
}

/** See {@link WorldControls.mortalInstance}. */
export interface MortalInstance {
  readonly backend: ClusterBackend;
  /** Resolves when it has been killed. */
  readonly died: Promise<void>;
  /** Kills it now, if it still lives. */
  kill(): Promise<void>;
}

/** Name of an optional ability of a harness. */
export type ControlName =
  | keyof WorldControls
  | "sharedVolume"
  | "missingVolume"
  | "unsupportedVolume"
  | "capacity";

/** What a case asks of its world. */
export interface WorldOptions {
  /**
   * Whether the case fills the cluster: then `capacity` of the world must be true to the last bit, and be shared with
   * nobody.
   */
  readonly scarce?: boolean;
  /** Of the first instance's namespace, for every instance. */
  readonly quota?: Quota;
}

/**
 * A cluster, or a part of one that nobody else uses: a namespace of its own with the records that belong to it. What
 * happens in one world must not show in another one.
 */
export interface ConformanceWorld {
  /** The first instance. */
  readonly backend: ClusterBackend;
  /** What jobs of this world may use in all. */
  readonly capacity: Capacity;
  /**
   * Sources for volumes: one that exists, and that is one and the same for all units of the world unless `sharedVolume` is
   * lacking; one whose data does not exist; one of a kind that this backend does not have.
   */
  readonly volumes: {
    readonly present: VolumeSource;
    readonly missing?: VolumeSource;
    readonly unsupported?: VolumeSource;
  };
  /** Every control that the harness does not list as lacking. */
  readonly controls: Partial<WorldControls>;

  /** What to submit so that this program runs: see `planProgramJob()`. Pure: the same job makes the same spec. */
  job(program: ProgramJob): { readonly spec: JobSpec; readonly plan: JobPlan };

  /**
   * Another instance over the same cluster, sharing nothing in this process with the first, as in another process.
   * @param namespace - a namespace of this world: where absent the first instance's, else `<that one>-<namespace>`.
   */
  anotherInstance(namespace?: string): Promise<ClusterBackend>;

  /** Closes every instance and removes everything that the world has left. */
  destroy(): Promise<void>;
}

/** A case that a backend is known not to pass, and why that is right for this backend. */
export interface Deviation {
  readonly id: string;
  readonly reason: string;
}

/** What the conformance suite needs to examine a backend. */
export interface ConformanceHarness {
  create(options: WorldOptions): Promise<ConformanceWorld>;
  /** Cases that are expected to fail. One that passes, or an unknown id, is an error. */
  readonly deviations?: readonly Deviation[];
  /** Why the harness cannot do something: cases that need it are not applicable. */
  readonly lacking?: Readonly<Partial<Record<ControlName, string>>>;
  /** Longest time that one step of a case may take, such as a job's start: 5 s where absent. */
  readonly patienceMs?: number;
  /** Time in which a unit usually starts, with its neighbours starting too: 500 where absent. */
  readonly startMs?: number;
  /** Processes are killed before their first call and every so many calls later: 1 where absent, more saves time. */
  readonly deathStep?: number;
  /** Whether worlds share one capacity, so that scarce ones must be alone. */
  readonly sharesCapacity?: boolean;
}
