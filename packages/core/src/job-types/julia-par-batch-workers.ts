import { z } from "zod";
import { DEFAULT_WORKER_SHELL } from "../plan/job-environment.ts";
import { JuliaJob } from "../plan/julia-job.ts";
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

const schema = z.strictObject({
  startScript: script("Julia script to start each process with"),
  ...placement,
  project,
  cpu: cpu(" to each process"),
  gpu: gpu(" to each process"),
  memory: memory(" to each process"),
  shell: shell("Startup shell of each process", DEFAULT_WORKER_SHELL),
  nworkers,
  envvars: environment("Additional environment variables"),
  ...life,
});

/** An array of processes that know nothing of each other (manual: Job Types, `JuliaParBatchWorkers`). */
export const JULIA_PAR_BATCH_WORKERS = defineJobType({
  name: "JuliaParBatchWorkers",
  summary: "An embarrassingly parallel Julia job: an array of independent processes.",
  manual: "Job Types: JuliaParBatchWorkers",
  schema,
  positional: ["startScript", "runVolume"],
  plan(input) {
    const { parameters } = input;
    const job = new JuliaJob("JuliaParBatchWorkers", input);
    const workers = job.group({
      ...parameters,
      role: "worker",
      replicas: parameters.nworkers,
      exposed: true,
    });
    return job.plan("workers", [workers]);
  },
});
