import { z } from "zod";
import { DEFAULT_WORKER_SCRIPT, MASTER_PORT } from "../plan/job-environment.ts";
import { JuliaJob } from "../plan/julia-job.ts";
import { wholeNumber } from "../schema/text-scalars.ts";
import { MAX_WORKERS } from "../spec/max-workers.ts";
import { defineJobType } from "./define-job-type.ts";
import {
  cpu,
  environment,
  gpu,
  life,
  memory,
  nworkers,
  placement,
  project,
  script,
  shell,
} from "./parameters.ts";

const schema = z
  .strictObject({
    startScript: script("Julia script to start the master with"),
    ...placement,
    project,
    cpu: cpu(" to the master"),
    gpu: gpu(" to the master"),
    memory: memory(" to the master"),
    shell: shell("Startup shell of the master"),
    nworkers,
    workerCpu: cpu(" to a worker"),
    workerGpu: gpu(" to a worker"),
    workerMemory: memory(" to a worker"),
    workerShell: shell("Startup shell of a worker"),
    workerStartScript: script("Julia script to start a worker with")
      .default(DEFAULT_WORKER_SCRIPT)
      .meta({ description: "Julia script to start a worker with", value: "path", manual: true }),
    envvars: environment("Additional environment variables of master and workers"),
    workerEnvvars: environment(
      "Additional environment variables of workers, before those of envvars",
    ),
    minWorkers: wholeNumber(0, MAX_WORKERS).default(0).meta({
      description: "Workers without which the job cannot begin its work",
      value: "count",
      kind: "number",
    }),
    ...life,
  })
  .superRefine(({ ports }, context) => {
    for (const [name, numbers] of Object.entries(ports)) {
      if (numbers.includes(MASTER_PORT)) {
        context.addIssue({
          code: "custom",
          path: ["ports", name],
          message: `must not use ${MASTER_PORT}: workers connect to the master there`,
        });
      }
    }
  });

/** A master and linked workers, each in a container of its own (manual: Job Types, `JuliaParBatch`). */
export const JULIA_PAR_BATCH = defineJobType({
  name: "JuliaParBatch",
  summary: "A parallel Julia job: a master and linked workers.",
  manual: "Job Types: JuliaParBatch",
  schema,
  positional: ["startScript", "runVolume"],
  plan(input) {
    const { parameters } = input;
    const { minWorkers } = parameters;
    const job = new JuliaJob("JuliaParBatch", input);
    const master = job.group({
      ...parameters,
      role: "master",
      replicas: 1,
      exposed: true,
      linked: true,
    });
    const workers = job.group({
      role: "worker",
      replicas: parameters.nworkers,
      startScript: parameters.workerStartScript,
      shell: parameters.workerShell,
      cpu: parameters.workerCpu,
      gpu: parameters.workerGpu,
      memory: parameters.workerMemory,
      envvars: { ...parameters.envvars, ...parameters.workerEnvvars },
      exposed: false,
      linked: true,
      minWorkers,
      named: { startScript: "workerStartScript", shell: "workerShell" },
    });
    return job.plan("master", [master, workers], minWorkers);
  },
});
