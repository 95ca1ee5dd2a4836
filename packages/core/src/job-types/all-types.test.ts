import { describe, expect, it } from "vitest";
import { toConfig } from "../config/check-config.ts";
import { planContext } from "../config/plan-context.ts";
import type { ManagerError } from "../errors/manager-error.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { makePlan } from "../plan/make-plan.ts";
import { makeSpec } from "../spec/make-spec.ts";
import { describeParameters } from "./describe-parameters.ts";
import { BUILT_IN_JOB_TYPES } from "./job-type-registry.ts";
import type { JobType } from "./job-type.ts";

const context = planContext(
  toConfig({
    storage: {
      hostpath: [
        { name: "juliarun", path: "/jr" },
        { name: "frozen", path: "/frozen", readonly: true },
        { name: "pkgs", path: "/pkgs", readonly: true },
        { name: "pkgsrw", path: "/pkgs" },
      ],
    },
    images: { julia: { image: "julia:1", executable: "julia" } },
    packages: ["pkgs"],
  }),
  { baseDir: "/base" },
);

/** Values of parameters that some types require. */
const REQUIRED: Readonly<Record<string, unknown>> = {
  startScript: "/opt/start",
  builderScript: "/opt/start",
  cfgFile: "/opt/start",
  runVolume: "juliarun",
  pkgBundle: "pkgs",
  image: "julia",
};

function plan(type: JobType, parameters: Readonly<Record<string, unknown>> = {}): JobPlan {
  const required = describeParameters(type).filter((parameter) => parameter.required);
  const given = Object.fromEntries(required.map(({ name }) => [name, REQUIRED[name]]));
  const request = { type: type.name, name: "hello", parameters: { ...given, ...parameters } };
  return makePlan(type, makeSpec(type, request), context);
}

function issues(type: JobType, parameters: Readonly<Record<string, unknown>>): unknown {
  try {
    plan(type, parameters);
  } catch (error) {
    return (error as ManagerError).details["issues"];
  }
  return undefined;
}

/** Every type that has a parameter, by its name for the test's. */
function having(parameter: string): [name: string, type: JobType][] {
  const types = BUILT_IN_JOB_TYPES.filter((type) =>
    describeParameters(type).some(({ name }) => name === parameter),
  );
  return types.map((type) => [type.name, type]);
}

it.each(having("runVolume"))("%s begins and ends as all jobs do", (_name, type) => {
  const life = {
    maxRuntime: "2m",
    startTimeout: 30,
    keepAfterFinish: "0",
    after: ["other"],
    labels: { stage: "test" },
  };
  expect(plan(type, life)).toMatchObject({
    maxRuntimeSeconds: 120,
    startTimeoutSeconds: 30,
    keepAfterFinishSeconds: 0,
    after: ["other"],
    labels: { stage: "test" },
  });
  for (const key of ["maxRuntimeSeconds", "startTimeoutSeconds", "keepAfterFinishSeconds"])
    expect(plan(type)).not.toHaveProperty(key);
});

describe.each([
  ["maxRuntime", -1],
  ["maxRuntime", "0"],
  ["startTimeout", "-5s"],
  ["keepAfterFinish", -1],
  ["after", ["hello"]],
  ["ports", { a: [1, 80], b: [2, 80] }],
  ["image", "julai"],
  ["runVolume", "frozen"],
  ["additionalVolumes", ["nowhere"]],
  ["maxRestarts", -1],
  ["gpu", -1],
  ["nworkers", -1],
  ["envvars", { JRUN_NAME: "other" }],
])("%s may not be %j", (name, value) => {
  it.each(having(name))("in a %s", (_name, type) => {
    const path = expect.stringMatching(new RegExp(`^${name}`)) as unknown;
    expect(issues(type, { [name]: value })).toMatchObject([{ path }]);
  });
});

it.each(having("envvars"))("%s gives environment variables to every container", (_name, type) => {
  const { groups } = plan(type, { envvars: { COLOUR: "blue" } });
  for (const { container } of groups) expect(container.env).toMatchObject({ COLOUR: "blue" });
});

function gpusOf({ groups }: JobPlan): number[] {
  return groups.map(({ container }) => container.resources.gpus);
}

describe("GPUs", () => {
  it.each(having("gpu"))("are asked for by a %s", (_name, type) => {
    expect(gpusOf(plan(type, { gpu: 2 }))[0]).toBe(2);
    expect(new Set(gpusOf(plan(type)))).toEqual(new Set([0]));
  });

  it.each(having("workerGpu"))("are asked for by a worker of a %s", (_name, type) => {
    expect(gpusOf(plan(type, { gpu: 2, workerGpu: 3 }))).toEqual([2, 3]);
  });
});
