import type { UnitRole } from "./unit-id.ts";
import type { PlacedFile } from "../spec/job-spec.ts";
import type { VolumeSource } from "./volume-source.ts";

/** `task` ends by itself, `service` does not. */
export type Lifecycle = "task" | "service";

/** When a unit that ended is started again. */
export interface RestartPolicy {
  readonly policy: "on-failure" | "always" | "never";
  /** Restarts per unit before its failure is final; disruptions are not counted. */
  readonly maxRestarts: number;
}

/** CPU is requested as given and may burst; memory is a hard limit. */
export interface Resources {
  /** Requested CPU in thousandths of a core. */
  readonly cpuMillis: number;
  /** Upper bound of CPU in thousandths of a core: `max(cpu, 1 core)`. */
  readonly cpuLimitMillis: number;
  /** Memory in bytes: requested, and the hard limit. */
  readonly memoryBytes: number;
  /** Whole GPUs. */
  readonly gpus: number;
}

/** A configured volume (or package bundle) attached at `/mnt/<volume>`. */
export interface Mount {
  readonly volume: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** A network port: what the container listens on, and what others connect to. */
export interface ServicePort {
  readonly name: string;
  readonly containerPort: number;
  readonly servicePort: number;
}

/** The container of every unit of a group, in no engine's terms. */
export interface ContainerPlan {
  /** Image reference as the engine pulls it. */
  readonly image: string;
  /** `uid[:gid]` or name; undefined: the backend's choice (see design of hostpath ownership). */
  readonly user?: string;
  /** Empty: the image's own. */
  readonly command: readonly string[];
  /** Environment that is the same for all units of the group; per-unit parts are added by `unitEnvironment()`. */
  readonly env: Readonly<Record<string, string>>;
  readonly resources: Resources;
  readonly mounts: readonly Mount[];
  /** Whether the runtime bundle is mounted at `/opt/juliarun` (all Julia types). */
  readonly runtime: boolean;
  /** Files at `/run/juliarun/files/<name>`. */
  readonly files: readonly PlacedFile[];
  /** Names of the record's secrets that are placed at `/run/juliarun/secrets/<name>`. */
  readonly secrets: readonly string[];
  /** Ports of each unit of this group. */
  readonly ports: readonly ServicePort[];
  /** Files on volumes, by their paths in the container, without which its program cannot start. */
  readonly neededFiles?: readonly string[];
  /** Linux capabilities that the image's programs need, such as `CHOWN`; none where absent. */
  readonly capabilities?: readonly string[];
}

/** How it is known that a unit answers: a connection is accepted, or an HTTP status from 200 to 399 is given. */
export type Readiness =
  | { readonly kind: "tcp"; readonly port: number }
  | { readonly kind: "http"; readonly port: number; readonly path: string };

/** Units of one role; `replicas` is the initial number, the record's `requestedWorkers` the current one for workers. */
export interface UnitGroup {
  readonly role: UnitRole;
  readonly lifecycle: Lifecycle;
  readonly replicas: number;
  readonly restart: RestartPolicy;
  readonly container: ContainerPlan;
  /** Of a service: when a unit is ready. Where absent it is as soon as it runs. */
  readonly readiness?: Readiness;
  /** Seconds that a program has to end when it is asked to; 10 where absent. */
  readonly graceSeconds?: number;
}

/**
 * What a backend needs to run a job, in no engine's terms. Pure data: made by a job type's `plan()`,
 * serialisable, shown by `jrun plan`.
 */
export interface JobPlan {
  /**
   * What decides the outcome: `master`: the master's end is the job's, and workers are then stopped and
   * counted as succeeded; `workers`: all workers must succeed; `none`: a service, which never ends by itself.
   */
  readonly completion: "master" | "workers" | "none";
  /** The master's group first where there is one; at most one group a role. */
  readonly groups: readonly UnitGroup[];
  /** Volumes by name, as configured when the plan was made: so any actor can start units of any job. */
  readonly volumes: Readonly<Record<string, VolumeSource>>;
  /** Whether ports are exposed outside the cluster. */
  readonly external: boolean;
  /** Image of HAProxy, for an engine that spreads connections over a service's units by it. */
  readonly gatewayImage?: string;
  /** Seconds from the master's (or first unit's) start after which the job is stopped as failed. */
  readonly maxRuntimeSeconds?: number;
  /** Workers that must run before `startTimeoutSeconds` has passed, and that must fit together with the master. */
  readonly minWorkers: number;
  /** Seconds from submit within which master and `minWorkers` must have started. */
  readonly startTimeoutSeconds?: number;
  /** Seconds after the outcome at which the job is deleted; undefined: kept. */
  readonly keepAfterFinishSeconds?: number;
  /** Names of jobs that must have succeeded before this one starts. */
  readonly after: readonly string[];
  /** Labels of the user's. */
  readonly labels: Readonly<Record<string, string>>;
}
