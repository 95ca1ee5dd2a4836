import type { Capacity, ClusterInfo } from "../backend/cluster-info.ts";
import type { Endpoint, Progress, UnitUsage } from "../backend/cluster-backend.ts";
import type { VolumeAccess, VolumeShell } from "../backend/volume-shell.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import type { UnitId } from "../plan/unit-id.ts";
import type { JobRecord, NewJobRecord } from "../record/job-record.ts";
import type { UnitAction } from "../reconcile/reconcile.ts";
import type { ObservedUnit } from "./observed-unit.ts";

/** What an engine's event stream says: something changed, or the stream had a gap and everything may have. */
export type EngineEvent =
  | { readonly type: "changed"; readonly jobUid?: string }
  | { readonly type: "connected" }
  | { readonly type: "disconnected"; readonly message: string };

/** Uids of the jobs whose ended containers are wanted, see {@link UnitEngine.observe}. */
export type EndedOf = (living: readonly ObservedUnit[]) => ReadonlySet<string>;

/** What `start` runs: one unit of one job. */
export interface UnitStart {
  readonly record: JobRecord;
  readonly unit: UnitId;
  readonly attempt: number;
  /** Restarts left to the engine's own policy. */
  readonly restartsLeft: number;
}

/**
 * An engine that runs single containers and knows no jobs, such as the Docker Engine. `UnitBackend` makes a
 * `ClusterBackend` of it: queueing, replacing, deadlines and outcomes come from `reconcile()`.
 * Every call throws only ManagerError and is safe to repeat.
 */
export interface UnitEngine {
  describe(namespace: string, signal?: AbortSignal): Promise<ClusterInfo>;

  /**
   * Asks the engine anything, of an engine whose state is followed, so that looks need no answer of it.
   * @throws BACKEND_UNREACHABLE when it does not answer.
   */
  check?(signal?: AbortSignal): Promise<void>;

  /**
   * What jobs may use of each node, of an engine whose nodes come and go. None: nobody knows, or may know, and nothing is
   * refused for its size. Where absent, the nodes of `describe()` count, which never change.
   */
  nodes?(signal?: AbortSignal): Promise<readonly Capacity[]>;

  /** External ports are ports of the one host, which only one job at a time can have. */
  readonly sharesHostPorts?: boolean;

  /**
   * Everything that can be refused before a name is claimed: unsupported parts of the plan, missing volumes,
   * images (pulled where absent, with progress).
   * @throws IMAGE_NOT_FOUND, VOLUME_NOT_FOUND, CAPABILITY_UNSUPPORTED, BACKEND_UNREACHABLE.
   */
  prepare(
    plan: JobPlan,
    onProgress?: (progress: Progress) => void,
    signal?: AbortSignal,
  ): Promise<void>;

  /**
   * The containers that were made by `start`, in a number of engine calls that does not grow with the number of running ones
   * (ended ones may cost a call each: they are few, as their facts go into the record and `detailed` leaves them out).
   * @param detailed - whether this container's exit code, error and restarts are wanted.
   * @param endedOf - says which jobs' ended containers are wanted, given all that have not ended; those of others may be
   * left out. It spares an engine the listing of everything that ever ran. Where absent: all.
   */
  observe(
    detailed: (unit: ObservedUnit) => boolean,
    signal?: AbortSignal,
    endedOf?: EndedOf,
  ): Promise<ObservedUnit[]>;

  /**
   * Creates and starts the unit's container. A container of the same unit and attempt that is there already is started, not doubled.
   * When the engine accepted the container and its start failed, it stays and shows `error`.
   * @returns when it began to run, milliseconds since 1970, where this call has started it and knows: it is noted at once, so that
   * a container that somebody removes right afterwards is known to have run.
   * @throws IMAGE_NOT_FOUND, VOLUME_NOT_FOUND, BACKEND_UNREACHABLE, … when no container could be made.
   */
  start(request: UnitStart, signal?: AbortSignal): Promise<number | undefined>;

  /** Starts an ended container again, with that many restarts left to the engine's own policy; what it counts as `restarts` begins at 0. */
  restart(unit: ObservedUnit, restartsLeft: number, signal?: AbortSignal): Promise<void>;

  /** Asks the program to end, kills it after the grace time, makes sure the engine never starts it again. Gone is fine. */
  stop(unit: ObservedUnit, graceSeconds: number, signal?: AbortSignal): Promise<void>;

  /** Removes the container, running or not, with its own storage. Gone is fine. */
  remove(unit: ObservedUnit, signal?: AbortSignal): Promise<void>;

  /**
   * Of an engine with controllers of its own, such as Kubernetes, which replaces failed units, and which knows what room there is:
   * makes the job's controllers follow the record, for these actions of `reconcile()` on its units. Called instead of `start`,
   * `restart`, `stop` and `remove`, and without the lease for a job that has just been claimed. Units that no action asks to
   * start are not made, so that workers can wait for their master.
   * @throws FORBIDDEN, QUOTA_EXCEEDED, SPEC_INVALID, … when the engine refuses a job for good; BACKEND_UNREACHABLE.
   */
  apply?(record: JobRecord, actions: readonly UnitAction[], signal?: AbortSignal): Promise<void>;

  /** Removes whatever else belongs to the job. Called when no container of it is left, and when a service has ended. */
  cleanup(record: JobRecord, signal?: AbortSignal): Promise<void>;

  /** Changes of containers. Reconnects by itself, with growing pauses; `connected` after every (re)connect. Ends when the signal aborts. */
  events(signal: AbortSignal): AsyncIterable<EngineEvent>;

  /** Records as far as they can be rebuilt from what the engine still has; for a store that was lost. */
  recover(signal?: AbortSignal): Promise<NewJobRecord[]>;

  /** Where a running job's ports can be reached. @throws CAPABILITY_UNSUPPORTED. */
  endpoint(record: JobRecord, signal?: AbortSignal): Promise<Endpoint>;

  /** @throws CAPABILITY_UNSUPPORTED. */
  proxy(record: JobRecord, port: string | undefined, signal?: AbortSignal): Promise<string>;

  /** Of these running containers. @throws CAPABILITY_UNSUPPORTED. */
  usage(
    units: readonly ObservedUnit[],
    signal?: AbortSignal,
  ): Promise<(Omit<UnitUsage, "job"> & { readonly jobUid: string })[]>;

  /** See `ClusterBackend.openVolume`. Absent: this engine cannot. */
  openVolume?(namespace: string, access: VolumeAccess, signal?: AbortSignal): Promise<VolumeShell>;

  close(): Promise<void>;
}
