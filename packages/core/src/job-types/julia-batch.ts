import { z } from "zod";
import { JuliaJob } from "../plan/julia-job.ts";
import { defineJobType } from "./define-job-type.ts";
import {
  cpu,
  environment,
  gpu,
  life,
  memory,
  placement,
  project,
  script,
  shell,
} from "./parameters.ts";

const schema = z.strictObject({
  startScript: script("Julia script to run"),
  ...placement,
  project,
  cpu: cpu(""),
  gpu: gpu(""),
  memory: memory(""),
  shell: shell("Startup shell that runs the script"),
  envvars: environment("Additional environment variables"),
  ...life,
});

/** One Julia process in one container, which may use threads and processes of its own (manual: Job Types, `JuliaBatch`). */
export const JULIA_BATCH = defineJobType({
  name: "JuliaBatch",
  summary: "A Julia batch job: one process in one container.",
  manual: "Job Types: JuliaBatch",
  schema,
  positional: ["startScript", "runVolume"],
  plan(input) {
    const { parameters } = input;
    const job = new JuliaJob("JuliaBatch", input);
    return job.plan("master", [
      job.group({ ...parameters, role: "master", replicas: 1, exposed: true }),
    ]);
  },
});
