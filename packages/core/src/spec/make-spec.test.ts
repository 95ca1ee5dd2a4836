import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isManagerError, type ManagerError } from "../errors/manager-error.ts";
import { defineJobType } from "../job-types/define-job-type.ts";
import { BUILT_IN_JOB_TYPES } from "../job-types/job-type-registry.ts";
import { JULIA_BATCH } from "../job-types/julia-batch.ts";
import { JULIA_PAR_BATCH } from "../job-types/julia-par-batch.ts";
import { makeSpec, type SpecInput } from "./make-spec.ts";
import { placedFile } from "./placed-files.ts";

const required = { start_script: "/mnt/juliarun/x.jl", run_volume: "juliarun" };

function refusal(
  input: Partial<SpecInput>,
  type: Parameters<typeof makeSpec>[0] = JULIA_BATCH,
): ManagerError {
  try {
    makeSpec(type, { name: "a", parameters: required, ...input });
  } catch (error) {
    if (isManagerError(error, "SPEC_INVALID")) return error;
    throw error;
  }
  throw new Error("was not refused");
}

const withParameters = (
  parameters: Record<string, unknown>,
  type?: Parameters<typeof makeSpec>[0],
): unknown => refusal({ parameters: { ...required, ...parameters } }, type).details["issues"];

describe("makeSpec", () => {
  it("fills in the manual's defaults", () => {
    expect(makeSpec(JULIA_BATCH, { name: "a", parameters: required })).toEqual({
      type: "JuliaBatch",
      name: "a",
      parameters: {
        startScript: "/mnt/juliarun/x.jl",
        runVolume: "juliarun",
        additionalVolumes: [],
        ports: {},
        external: false,
        image: "julia",
        cpu: "100m",
        gpu: 0,
        memory: "512Mi",
        shell: "master.sh",
        args: [],
        envvars: {},
        restart: "on-failure",
        maxRestarts: 6,
        after: [],
        labels: {},
      },
      files: [],
    });
  });

  it("takes text for everything, as a command line and a query have it", () => {
    const { parameters } = makeSpec(JULIA_PAR_BATCH, {
      name: "a",
      parameters: {
        "start-script": "/x.jl",
        "run-volume": "v",
        "additional-volumes": "data, more",
        ports: "http:80:8080",
        external: "true",
        cpu: "2",
        gpu: "1",
        nworkers: "3",
        "max-runtime": "2h",
        "keep-after-finish": "60",
        after: ["x,y", "z"],
        envvars: ["A=1", "B=x=y"],
        "worker-envvars": { C: 2, D: true },
        labels: ["team=blue"],
        args: "one",
        restart: "Never",
      },
    });
    expect(parameters).toMatchObject({
      additionalVolumes: ["data", "more"],
      ports: { http: [80, 8080] },
      external: true,
      cpu: "2",
      gpu: 1,
      nworkers: 3,
      maxRuntime: 7200,
      keepAfterFinish: 60,
      after: ["x", "y", "z"],
      envvars: { A: "1", B: "x=y" },
      workerEnvvars: { C: "2", D: "true" },
      labels: { team: "blue" },
      args: ["one"],
      restart: "never",
    });
  });

  it.each(BUILT_IN_JOB_TYPES.map((type) => [type.name, type] as const))(
    "makes the same spec of its own result: %s",
    (_name, type) => {
      const more = {
        cpu: 1.5,
        memory: "1.5Gi",
        envvars: ["A=1"],
        after: "b",
        max_runtime: "1h",
        ...("ports" in type.schema.shape ? { ports: "80" } : {}),
        ...("restart" in type.schema.shape ? { restart: "RestartAlways" } : {}),
      };
      const positional = type.positional.map((parameter) => [parameter, "x"]);
      const spec = makeSpec(type, {
        name: "a",
        parameters: { ...Object.fromEntries(positional), ...more },
        files: [placedFile("f", "x")],
      });
      expect(makeSpec(type, spec)).toEqual(spec);
      expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    },
  );

  it("lists all problems at once, in the user's spelling", () => {
    const error = refusal({
      name: "Hello World",
      parameters: {
        strat_script: "x",
        "run-volume": "",
        cpu: "much",
        nworkers: 3,
        restart: "alwys",
        ports: "80,80",
      },
      files: [placedFile("../x", "")],
    });
    expect(error.message).toMatch(/^JuliaBatch "Hello World" has 9 problems:\n/);
    expect(error.details["issues"]).toEqual([
      expect.objectContaining({ path: "name", suggestion: "hello-world" }),
      { path: "start_script", message: "is required" },
      { path: "run-volume", message: "must not be empty" },
      expect.objectContaining({ path: "ports" }),
      expect.objectContaining({ path: "cpu" }),
      expect.objectContaining({ path: "restart", suggestion: "always" }),
      {
        path: "strat_script",
        message: "is not a parameter of JuliaBatch",
        suggestion: "start_script",
      },
      { path: "nworkers", message: "is not a parameter of JuliaBatch" },
      expect.objectContaining({ path: "files" }),
    ]);
  });

  it("says a single problem in one line", () => {
    expect(refusal({ parameters: { ...required, cpus: 1 } }).message).toBe(
      'JuliaBatch "a": cpus is not a parameter of JuliaBatch; did you mean cpu?',
    );
  });

  it.each<[Record<string, unknown>, string, string]>([
    [{ cpu: 0 }, "cpu", "number of cores"],
    [{ cpu: true }, "cpu", "number of cores"],
    [{ memory: "lots" }, "memory", "amount of memory"],
    [{ memory: "1Mi" }, "memory", "at least 6Mi"],
    [{ gpu: -1 }, "gpu", "whole number"],
    [{ gpu: 0.5 }, "gpu", "whole number"],
    [{ external: "yes" }, "external", "true or false"],
    [{ ports: "http:99999" }, "ports", "port numbers"],
    [{ max_restarts: -1 }, "max_restarts", "whole number"],
    [{ max_runtime: "0s" }, "max_runtime", "at least 1s"],
    [{ start_timeout: "soon" }, "start_timeout", "duration"],
    [{ after: ["a"] }, "after", "names the job itself"],
    [{ after: ["B"] }, "after[0]", "lower-case"],
    [{ envvars: { JRUN_DIR: "/" } }, "envvars.JRUN_DIR", "reserved"],
    [{ envvars: { "A B": "/" } }, 'envvars["A B"]', "letters, digits"],
    [{ envvars: ["A"] }, "envvars", "NAME=value"],
    [{ envvars: { A: "\0" } }, "envvars.A", "zero byte"],
    [{ args: ["\0"] }, "args[0]", "zero byte"],
    [{ labels: { "-x": "1" } }, "labels.-x", "at most 63"],
    [{ labels: { x: "a b" } }, "labels.x", "value"],
    [{ labels: { "a/b/c": "1" } }, 'labels["a/b/c"]', "at most 63"],
    [{ startScript: "/y.jl" }, "startScript", "given twice"],
    [{ start_script: "" }, "start_script", "must not be empty"],
    [{ start_script: 5 }, "start_script", "must be a text"],
    [
      JSON.parse('{ "__proto__": 1 }') as Record<string, unknown>,
      "__proto__",
      "is not a parameter",
    ],
    [{ constructor: 1 }, "constructor", "is not a parameter"],
  ])("refuses %j", (parameters, path, message) => {
    expect(withParameters(parameters)).toEqual([
      expect.objectContaining({ path, message: expect.stringContaining(message) }),
    ]);
  });

  it.each<[Record<string, unknown>, string, string]>([
    [{ nworkers: -1 }, "nworkers", "0 to 10000"],
    [{ nworkers: 1e9 }, "nworkers", "0 to 10000"],
    [{ nworkers: "two" }, "nworkers", "0 to 10000"],
    [{ worker_cpu: "x" }, "worker_cpu", "cores"],
    [{ ports: "x:9009:80" }, "ports.x", "must not use 9009"],
  ])("refuses of a JuliaParBatch %j", (parameters, path, message) => {
    expect(withParameters(parameters, JULIA_PAR_BATCH)).toEqual([
      expect.objectContaining({ path, message: expect.stringContaining(message) }),
    ]);
  });

  it("translates text for plain schemas of a user's own type", () => {
    const type = defineJobType({
      name: "Mine",
      summary: "For this test.",
      schema: z.strictObject({
        count: z.int(),
        deep: z.boolean().default(false),
        names: z.array(z.string()),
      }),
      positional: ["count"],
      plan: () => {
        throw new Error("not planned here");
      },
    });
    const spec = makeSpec(type, {
      name: "a",
      parameters: { count: "3", deep: "true", names: "x,y" },
    });
    expect(spec.parameters).toEqual({ count: 3, deep: true, names: ["x", "y"] });
    expect(withParameters({ count: "many", names: [] }, type)).toContainEqual({
      path: "count",
      message: 'must be a number, not "many"',
    });
  });
});
