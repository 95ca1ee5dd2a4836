import { expect, it } from "vitest";
import { z } from "zod";
import {
  defaultConfig,
  defineJobType,
  JobTypeRegistry,
  JuliaJob,
  makePlan,
  makeSpec,
  parameters,
  planContext,
} from "../index.ts";

/** A user's own type, made of what the package exports: a sweep that starts one process per value. */
const SWEEP = defineJobType({
  name: "Sweep",
  summary: "One process per value of a list.",
  schema: z.strictObject({
    startScript: parameters.script("Julia script of each process"),
    ...parameters.placement,
    values: z.array(z.number()).meta({ description: "Values to sweep over" }),
    cpu: parameters.cpu(""),
    gpu: parameters.gpu(""),
    memory: parameters.memory(""),
    shell: parameters.shell("Startup shell"),
    envvars: parameters.environment("Additional environment variables"),
    ...parameters.life,
  }),
  positional: ["startScript", "runVolume"],
  plan(input) {
    const { values, envvars, ...rest } = input.parameters;
    const job = new JuliaJob("Sweep", input);
    return job.plan("workers", [
      job.group({
        ...rest,
        role: "worker",
        replicas: values.length,
        envvars: { ...envvars, SWEEP: values.join(",") },
        exposed: false,
      }),
    ]);
  },
});

it("can be registered, checked and planned like a built-in one", () => {
  const types = new JobTypeRegistry();
  types.register(SWEEP, "./sweep.ts");
  const type = types.get("Sweep");
  const spec = makeSpec(type, {
    name: "sweep",
    parameters: { start_script: "sweep.jl", run_volume: "juliarun", values: "1,2.5,4" },
  });
  const plan = makePlan(type, spec, planContext(defaultConfig(), { baseDir: "/home/me" }));
  expect(plan).toMatchObject({
    completion: "workers",
    groups: [
      { role: "worker", replicas: 3, container: { env: { SWEEP: "1,2.5,4", JRUN_TYPE: "Sweep" } } },
    ],
  });
});
