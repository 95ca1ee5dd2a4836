import { MISSING_COMMAND, type Program } from "../memory/program.ts";
import type {
  JobPlan,
  ContainerPlan,
  Readiness,
  Resources,
  RestartPolicy,
  ServicePort,
  UnitGroup,
} from "../plan/job-plan.ts";
import type { UnitRole } from "../plan/unit-id.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import type { JobSpec, PlacedFile } from "../spec/job-spec.ts";
import { programCommand } from "./program-script.ts";

/** What the units of one role run. */
export interface UnitProgram extends Program {
  /** `on-failure` where absent. */
  readonly restart?: RestartPolicy["policy"];
  /** 0 where absent. */
  readonly maxRestarts?: number;
  /** Where absent: 10 thousandths of a core, 24 MiB. */
  readonly resources?: Partial<Resources>;
  /** The command does not exist in the image, so that the container cannot be started. */
  readonly missingCommand?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Of a service. */
  readonly ports?: readonly ServicePort[];
  readonly readiness?: Readiness;
}

/** A job in the conformance suite's terms: programs instead of images and commands. */
export interface ProgramJob {
  readonly name: string;
  /** `ConformanceProgram` where absent. */
  readonly type?: string;
  readonly master?: UnitProgram;
  readonly workers?: UnitProgram & { readonly count: number };
  /** Its units never end: with `always`, whatever they say of restarts. */
  readonly service?: boolean;
  readonly external?: boolean;
  readonly missingImage?: boolean;
  /** Mounted by all units at `/mnt/<name>`. */
  readonly volumes?: Readonly<Record<string, VolumeSource>>;
  readonly files?: readonly PlacedFile[];
  readonly secrets?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly after?: readonly string[];
  readonly minWorkers?: number;
  readonly maxRuntimeSeconds?: number;
  readonly startTimeoutSeconds?: number;
  readonly keepAfterFinishSeconds?: number;
}

/** What a harness adds to a {@link ProgramJob}. */
export interface ProgramJobSettings {
  /** An image with a POSIX shell and the usual small tools, such as busybox. */
  readonly image: string;
  /** A reference to an image that exists nowhere. */
  readonly missingImage: string;
  /** Of HAProxy, where the engine needs it. */
  readonly gatewayImage?: string;
  /**
   * A folder in the container that outlives restarts of a failed unit: `/tmp` where absent, which will do where the
   * engine starts the same container again.
   */
  readonly stateDir?: string;
  /**
   * What comes before a program's command, where the engine merges the output streams: then the runtime bundle is mounted too.
   */
  readonly marker?: readonly string[];
}

const TYPE = "ConformanceProgram";
const MIB = 2 ** 20;

/** The spec and the plan of a job, for `ConformanceWorld.job()`; what the memory backend interprets is a real script too. */
export function planProgramJob(
  job: ProgramJob,
  settings: ProgramJobSettings,
): { spec: JobSpec; plan: JobPlan } {
  const { name, type = TYPE, files = [], labels = {}, workers } = job;
  const workerProgram = workers && withoutCount(workers);
  // Volumes are the configuration's, and the number of workers is no part of a job's identity.
  const program = { ...job, volumes: undefined, workers: workerProgram };
  const parameters = {
    program: JSON.stringify(program),
    labels,
    nworkers: workers?.count ?? 0,
  };
  return { spec: { type, name, parameters, files }, plan: planOf(job, settings) };
}

function withoutCount({
  count: _count,
  ...program
}: NonNullable<ProgramJob["workers"]>): UnitProgram {
  return program;
}

function planOf(job: ProgramJob, settings: ProgramJobSettings): JobPlan {
  const { master, workers } = job;
  const groups: UnitGroup[] = [];
  if (master) groups.push(groupOf("master", 1, master, job, settings));
  if (workers) groups.push(groupOf("worker", workers.count, workers, job, settings));
  return {
    completion: job.service ? "none" : master ? "master" : "workers",
    groups,
    volumes: job.volumes ?? {},
    external: job.external ?? false,
    ...(settings.gatewayImage === undefined ? {} : { gatewayImage: settings.gatewayImage }),
    ...optional("maxRuntimeSeconds", job.maxRuntimeSeconds),
    minWorkers: job.minWorkers ?? 0,
    ...optional("startTimeoutSeconds", job.startTimeoutSeconds),
    ...optional("keepAfterFinishSeconds", job.keepAfterFinishSeconds),
    after: job.after ?? [],
    labels: job.labels ?? {},
  };
}

function groupOf(
  role: UnitRole,
  replicas: number,
  program: UnitProgram,
  job: ProgramJob,
  settings: ProgramJobSettings,
): UnitGroup {
  return {
    role,
    lifecycle: job.service ? "service" : "task",
    replicas,
    restart: {
      policy: job.service ? "always" : (program.restart ?? "on-failure"),
      maxRestarts: program.maxRestarts ?? 0,
    },
    container: containerOf(program, job, settings),
    ...(program.readiness ? { readiness: program.readiness } : {}),
  };
}

function containerOf(
  program: UnitProgram,
  job: ProgramJob,
  settings: ProgramJobSettings,
): ContainerPlan {
  const resources = { cpuMillis: 10, memoryBytes: 24 * MIB, gpus: 0, ...program.resources };
  const mounts = Object.keys(job.volumes ?? {}).map((volume) => ({
    volume,
    path: `/mnt/${volume}`,
    readOnly: false,
  }));
  return {
    image: job.missingImage ? settings.missingImage : settings.image,
    command: program.missingCommand
      ? [MISSING_COMMAND]
      : [...(settings.marker ?? []), ...programCommand(program, settings.stateDir ?? "/tmp")],
    env: program.env ?? {},
    resources: { cpuLimitMillis: Math.max(1000, resources.cpuMillis), ...resources },
    mounts,
    runtime: settings.marker !== undefined && !program.missingCommand,
    files: job.files ?? [],
    secrets: job.secrets ?? [],
    ports: program.ports ?? [],
  };
}

function optional<Key extends string>(
  key: Key,
  value: number | undefined,
): { [K in Key]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: number });
}
