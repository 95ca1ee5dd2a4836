/**
 * The contract between a plan and the runtime wrapper inside a container: where things are, and the
 * names of the environment variables. `packages/runtime/files` reads what is named here.
 */

/** Where the runtime bundle is mounted, read-only. */
export const RUNTIME_DIR = "/opt/juliarun";
/** The wrapper; a Julia container's command is `/bin/sh` with this path and the program's arguments. */
export const RUNTIME_WRAPPER = `${RUNTIME_DIR}/run.sh`;
/** The worker start script that is used when a job names none. */
export const DEFAULT_WORKER_SCRIPT = `${RUNTIME_DIR}/worker.jl`;
/** Built-in startup shell of masters and single units. */
export const DEFAULT_MASTER_SHELL = "master.sh";
/** Built-in startup shell of workers. */
export const DEFAULT_WORKER_SHELL = "worker.sh";
/** Where secrets are placed, one file each. */
export const SECRETS_DIR = "/run/juliarun/secrets";
/** Name of the secret file that holds the cluster cookie: ASCII, at most 16 characters. */
export const COOKIE_SECRET = "cookie";
/** Where files that came with the submit are placed. */
export const FILES_DIR = "/run/juliarun/files";
/** Where volumes are mounted, each under its name. */
export const VOLUMES_DIR = "/mnt";
/** Where, on a volume, depots of project environments are kept, one folder for each content of the project's files. */
export const PROJECT_CACHE = ".juliarun/projects";
/** Port at which a master waits for its workers. */
export const MASTER_PORT = 9009;

/** Names of the environment variables that a plan sets and a job sees. */
export const ENV = {
  /** The job's type, for example `JuliaParBatch`. */
  type: "JRUN_TYPE",
  /** The job's name. */
  name: "JRUN_NAME",
  /** The job's namespace. */
  namespace: "JRUN_NAMESPACE",
  /** Id of this submit: another job of the same name has another one. */
  uid: "JRUN_UID",
  /** Working folder: `/mnt/<run_volume>/<name>`. */
  dir: "JRUN_DIR",
  /** `master` or `worker`. */
  role: "JRUN_ROLE",
  /** Number of the worker, from 0; workers only. */
  workerIndex: "JRUN_WORKER_INDEX",
  /** `master` or `worker-<i>`: stem of the unit's log files. */
  unit: "JRUN_UNIT",
  /** Host name of the master. */
  masterHost: "JRUN_MASTER_HOST",
  /** Port of the master: {@link MASTER_PORT}. */
  masterPort: "JRUN_MASTER_PORT",
  /** Path of the Julia script to run. */
  startScript: "JRUN_START_SCRIPT",
  /** The image's Julia executable. */
  executable: "JRUN_EXECUTABLE",
  /** Startup shell: a file on the run volume, a path in the image, or the name of a built-in one. */
  shell: "JRUN_SHELL",
  /** Mount point of the run volume. */
  runVolume: "JRUN_RUN_VOLUME",
  /** What `wait_for_workers()` waits for; optional. */
  minWorkers: "JRUN_MIN_WORKERS",
  /** Mount point of the package bundle; the wrapper makes it the folder with the bundle's current build. Optional. */
  pkgBundle: "JRUN_PKG_BUNDLE",
  /** Mount point, writable, of the package bundle that the job builds; PkgBuilder only. */
  buildBundle: "JRUN_BUILD_BUNDLE",
  /** `1` where a build begins with an empty bundle; PkgBuilder only. */
  freshBundle: "JRUN_FRESH_BUNDLE",
  /** Folder with the `Project.toml` of the job's environment; optional. */
  project: "JRUN_PROJECT",
  /** Folder of the depots of project environments, shared by jobs; only where there is a project. */
  projectCache: "JRUN_PROJECT_CACHE",
  /** Address of the JuliaRun server; only where one is configured. */
  serverUrl: "JRUN_SERVER_URL",
  /** The cookie, exported by the wrapper from its secret file. */
  clusterCookie: "JRUN_CLUSTER_COOKIE",
  /** Threads of the Julia process; optional. */
  juliaThreads: "JULIA_NUM_THREADS",
} as const;
