import { defineJobType, JuliaJob, parameters } from "@juliarun/core";
import { z } from "zod";

const schema = z.strictObject({
  startScript: parameters.script("Julia script that tries one value"),
  ...parameters.placement,
  values: z
    .union([z.string(), z.array(z.string())])
    // A command line gives a list of what may have commas itself.
    .transform((value) => [value].flat().flatMap((text) => text.split(",")))
    .meta({ description: "Values to try, one process each", value: "value" }),
  cpu: parameters.cpu(" to each process"),
  memory: parameters.memory(" to each process"),
  ...parameters.life,
});

/**
 * Runs one script for each of a list of values, side by side. The script finds its own value as
 * `split(ENV["SWEEP_VALUES"], ',')[parse(Int, ENV["JRUN_WORKER_INDEX"]) + 1]`.
 *
 * Name this module in the configuration (`"jobtypes": ["./sweep.ts"]`), then
 * `jrun submit Sweep rates /mnt/juliarun/try.jl juliarun --values 0.1,0.2,0.5`.
 */
export const SWEEP = defineJobType({
  name: "Sweep",
  summary: "One process for each of a list of values.",
  schema,
  positional: ["startScript", "runVolume"],
  plan(input) {
    const { values } = input.parameters;
    const job = new JuliaJob("Sweep", input);
    const processes = job.group({
      ...input.parameters,
      role: "worker",
      replicas: values.length,
      gpu: 0,
      shell: "worker.sh",
      envvars: { SWEEP_VALUES: values.join(",") },
      exposed: false,
    });
    return job.plan("workers", [processes]);
  },
});
