import { DEFAULT_MASTER_SHELL } from "../plan/job-environment.ts";
import { cpuSchema } from "../quantity/cpu.ts";
import { durationSchema } from "../quantity/duration.ts";
import { containerMemorySchema } from "../quantity/memory.ts";
import { flag, nonEmptyText, wholeNumber } from "../schema/text-scalars.ts";
import { jobNameSchema } from "../spec/job-name.ts";
import { MAX_WORKERS } from "../spec/max-workers.ts";
import { portsSchema } from "../spec/ports.ts";
import { envvars, labels, nameList, programArguments, restart } from "./parameter-values.ts";

/** Most GPUs of one unit; far above any machine. */
const MAX_GPUS = 1024;

/** The manual's defaults of CPU and memory. */
const DEFAULT_CPU = "100m";
const DEFAULT_MEMORY = "512Mi";

/** A Julia script, described for its role. */
export const script = (description: string) =>
  nonEmptyText.meta({ description, value: "path", manual: true });

/** CPU of one unit. */
export const cpu = (of: string, byDefault: string = DEFAULT_CPU) =>
  cpuSchema.default(byDefault).meta({
    description: `CPU share to allocate${of}`,
    unit: "cores",
    value: "cores",
    manual: true,
  });

/** GPUs of one unit. */
export const gpu = (of: string) =>
  wholeNumber(0, MAX_GPUS)
    .default(0)
    .meta({ description: `GPUs to allocate${of}`, value: "count", kind: "number", manual: true });

/** Memory of one unit. */
export const memory = (of: string, byDefault: string = DEFAULT_MEMORY) =>
  containerMemorySchema.default(byDefault).meta({
    description: `RAM to allocate${of}; a hard limit`,
    unit: "bytes",
    value: "amount",
    manual: true,
  });

/** Startup shell of one unit. */
export const shell = (description: string, builtIn: string = DEFAULT_MASTER_SHELL) =>
  nonEmptyText.default(builtIn).meta({ description, value: "path", manual: true });

/** Number of workers. */
export const nworkers = wholeNumber(0, MAX_WORKERS).default(0).meta({
  description: "Number of worker processes to start; can be scaled later",
  value: "count",
  kind: "number",
  manual: true,
});

/** The job's package environment. */
export const project = nonEmptyText.optional().meta({
  description:
    "Project whose packages the job uses: a folder with Project.toml (and Manifest.toml) on a volume, or a file that travels with the job",
  value: "path",
});

/** Environment variables, of some or all units. */
export const environment = (description: string) =>
  envvars.default({}).meta({ description, value: "name=value" });

/** Where a job runs and what it is reached by: the manual's parameters that all Julia job types share. */
export const placement = {
  runVolume: nonEmptyText.meta({
    description: "Persistent volume that holds the job's working folder, /mnt/<volume>/<job>",
    value: "volume",
    manual: true,
  }),
  pkgBundle: nonEmptyText
    .optional()
    .meta({ description: "Package bundle to set at LOAD_PATH", value: "bundle", manual: true }),
  additionalVolumes: nameList(nonEmptyText).default([]).meta({
    description: "More persistent volumes to attach at /mnt/<volume>",
    value: "volume",
    manual: true,
  }),
  ports: portsSchema.default({}).meta({
    description: "Network ports to expose: name, container port, service port",
    value: "name:container:service",
    manual: true,
  }),
  external: flag
    .default(false)
    .meta({ description: "Whether ports are exposed to the external network", manual: true }),
  image: nonEmptyText.default("julia").meta({
    description: "Image to run: a name in the configuration, or a reference with a / : or @",
    value: "image",
    manual: true,
  }),
} as const;

/** How a job begins and ends: additions to the manual that all job types share. */
export const life = {
  args: programArguments
    .default([])
    .meta({ description: "Arguments of the program", value: "text" }),
  restart: restart.default("on-failure").meta({
    description: "When an ended process is started again",
    value: "policy",
    choices: ["on-failure", "always", "never"],
  }),
  maxRestarts: wholeNumber(0, 1000).default(6).meta({
    description: "Restarts of each process before its failure is final",
    value: "count",
    kind: "number",
  }),
  maxRuntime: durationSchema(1).optional().meta({
    description: "Time after which the running job is stopped as failed",
    unit: "seconds",
    value: "duration",
  }),
  startTimeout: durationSchema(1).optional().meta({
    description: "Time within which the job must have started, else it fails",
    unit: "seconds",
    value: "duration",
  }),
  keepAfterFinish: durationSchema(0).optional().meta({
    description: "Time after its end at which the job is deleted; kept by default",
    unit: "seconds",
    value: "duration",
  }),
  after: nameList(jobNameSchema)
    .default([])
    .meta({ description: "Jobs that must have succeeded before this one starts", value: "job" }),
  labels: labels
    .default({})
    .meta({ description: "Labels to find the job by", value: "name=value" }),
} as const;
