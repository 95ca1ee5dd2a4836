import type { PlacedFile } from "../spec/job-spec.ts";

/** Ports by name: `[containerPort, servicePort]`, or one number for both. */
export type PortOptions = Record<string, [containerPort: number, servicePort: number] | number>;

/** What all jobs that run a Julia script in a working folder may be given (manual: Job Types). */
export interface JuliaScriptOptions {
  /** Unique in the namespace: `[a-z]([-a-z0-9]*[a-z0-9])?`, at most 45 characters. */
  name: string;
  /** Persistent volume that holds the working folder `/mnt/<volume>/<name>`. */
  runVolume: string;
  /** More volumes to attach at `/mnt/<volume>`; default: none. */
  additionalVolumes?: string[];
  /**
   * Image by its name in the configuration, or directly by a reference with a `/`, a `:` or an `@`; default: `julia`.
   */
  image?: string;
  /** CPU share: cores, or thousandths of one such as `"100m"`; default: 0.1 (PkgBuilder: 2). JuliaParBatch: the master's. */
  cpu?: string | number;
  /** GPUs; default: 0. JuliaParBatch: the master's. */
  gpu?: number;
  /** Memory such as `"512Mi"`, or bytes; a hard limit; default: 512Mi (PkgBuilder: 8Gi). JuliaParBatch: the master's. */
  memory?: string | number;
  /** Startup shell script: built-in, on the run volume, or in the image; default: `master.sh` (JuliaParBatchWorkers: `worker.sh`). */
  shell?: string;
  /** Arguments of the program; default: none. */
  args?: string[];
  /** Additional environment variables; default: none. */
  envvars?: Record<string, string>;
  /** When an ended process is started again; default: `on-failure`. */
  restart?: "on-failure" | "always" | "never";
  /** Restarts of each process before its failure is final; default: 6. */
  maxRestarts?: number;
  /** Time after which the running job is stopped as failed: seconds, or text such as `"2h"`; default: none. */
  maxRuntime?: string | number;
  /** Time within which the job must have started; default: none. */
  startTimeout?: string | number;
  /** Time after its end at which the job is deleted; default: it is kept. */
  keepAfterFinish?: string | number;
  /** Names of jobs that must have succeeded before; default: none. */
  after?: string[];
  /** Labels to find the job by; default: none. */
  labels?: Record<string, string>;
  /** Files that travel with the job, at most 1 MiB together; see `placedFile()`. */
  files?: readonly PlacedFile[];
}

/** What all Julia batch jobs may be given (manual: Job Types). */
export interface JuliaJobOptions extends JuliaScriptOptions {
  /** A Julia script: a path in the container, a path on the run volume, or the name of a file in `files`. */
  startScript: string;
  /** Package bundle to set at `LOAD_PATH`; default: none. */
  pkgBundle?: string;
  /**
   * Project whose packages the job uses: a folder with `Project.toml` (and `Manifest.toml`) on a volume, or `"Project.toml"` where
   * `files` has one; default: none.
   */
  project?: string;
  /** Network ports to expose, also as the text `http:80:8080,https:443:443`; default: none. */
  ports?: PortOptions | string;
  /** Whether ports are exposed to the external network; default: false. */
  external?: boolean;
}

/** Options of `juliaBatch()` (manual: Job Types, `JuliaBatch`). */
export type JuliaBatchOptions = JuliaJobOptions;

/** Options of `juliaParBatch()` (manual: Job Types, `JuliaParBatch`). */
export interface JuliaParBatchOptions extends JuliaJobOptions {
  /** Workers to start; can be scaled later; default: 0. */
  nworkers?: number;
  /** CPU share of a worker; default: 0.1. */
  workerCpu?: string | number;
  /** GPUs of a worker; default: 0. */
  workerGpu?: number;
  /** Memory of a worker; default: 512Mi. */
  workerMemory?: string | number;
  /** Startup shell of a worker; default: `master.sh`. */
  workerShell?: string;
  /** Julia script of a worker; default: the built-in `init_parallel(mode=:worker)`. */
  workerStartScript?: string;
  /** Environment variables of workers, before those of `envvars`; default: none. */
  workerEnvvars?: Record<string, string>;
  /** Workers without which the job cannot begin its work; default: 0. */
  minWorkers?: number;
}

/** Options of `juliaParBatchWorkers()` (manual: Job Types, `JuliaParBatchWorkers`). */
export interface JuliaParBatchWorkersOptions extends JuliaJobOptions {
  /** Processes to start; can be scaled later; default: 0. */
  nworkers?: number;
}

/** Options of `pkgBuilder()` (manual: Job Types, `PkgBuilder`). */
export interface PkgBuilderOptions extends JuliaScriptOptions {
  /** A Julia script that builds packages: a path in the container, on the run volume, or the name of a file in `files`. */
  builderScript: string;
  /** Package bundle to build, one of the configuration's `packages`. */
  pkgBundle: string;
  /** Begin with an empty bundle instead of what the last build made; default: false. */
  fresh?: boolean;
}

/** What all jobs may be given that run servers or other programs (manual: Job Types). */
export interface ContainerJobOptions {
  /** Unique in the namespace: `[a-z]([-a-z0-9]*[a-z0-9])?`, at most 45 characters. */
  name: string;
  /** Persistent volume that holds the job's folder `/mnt/<volume>/<name>`. */
  runVolume: string;
  /** More volumes to attach at `/mnt/<volume>`; default: none. */
  additionalVolumes?: string[];
  /** CPU share: cores, or thousandths of one such as `"100m"`; default: 0.1, of a MessageQ 1. */
  cpu?: string | number;
  /** Memory such as `"512Mi"`, or bytes; a hard limit; default: 512Mi, of a MessageQ 4Gi. */
  memory?: string | number;
  /** Additional environment variables; default: none. */
  envvars?: Record<string, string>;
  /** Network ports to expose, also as the text `http:80:8080,https:443:443`. */
  ports?: PortOptions | string;
  /** Whether ports are exposed to the external network; default: false. */
  external?: boolean;
  /** Time after which the running job is stopped as failed: seconds, or text such as `"2h"`; default: none. */
  maxRuntime?: string | number;
  /** Time within which the job must have started; default: none. */
  startTimeout?: string | number;
  /** Time after its end at which the job is deleted; default: it is kept. */
  keepAfterFinish?: string | number;
  /** Names of jobs that must have succeeded before; default: none. */
  after?: string[];
  /** Labels to find the job by; default: none. */
  labels?: Record<string, string>;
  /** Files that travel with the job, at most 1 MiB together; see `placedFile()`. */
  files?: readonly PlacedFile[];
}

/** Options of `webserver()` (manual: Job Types, `Webserver`). */
export interface WebserverOptions extends ContainerJobOptions {
  /** Configuration file: a path in the container, a path on the run volume, or the name of a file in `files`. */
  cfgFile: string;
  /** Image by its name in the configuration; default: `nginx`. */
  image?: string;
  /** Containers that answer at one endpoint; can be scaled later; default: 1. */
  nworkers?: number;
}

/** Options of `messageQ()` (manual: Job Types, `MessageQ`). */
export interface MessageQOptions extends ContainerJobOptions {
  /** Configuration file: a path in the container, a path on the run volume, or the name of a file in `files`. */
  cfgFile: string;
  /** Image by its name in the configuration; default: `rabbitmq:3`, and where that is not configured `rabbitmq`. */
  image?: string;
}

/** Options of `generic()`. */
export interface GenericOptions extends ContainerJobOptions {
  /** Image by its name in the configuration. */
  image: string;
  /** Program and its first arguments; default: the image's own. */
  command?: string[];
  /** Arguments after those of `command`; default: none. */
  args?: string[];
  /** Containers to start; can be scaled later; default: 1. */
  nworkers?: number;
  /** Path that an HTTP server answers at the first port when it is ready; default: it is ready when it accepts connections. */
  readyPath?: string;
  /** Without ports: when an ended process is started again; default: `on-failure`. */
  restart?: "on-failure" | "always" | "never";
  /** Without ports: restarts of each process before its failure is final; default: 6. */
  maxRestarts?: number;
}
