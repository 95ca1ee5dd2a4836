import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineJobType } from "./define-job-type.ts";
import { describeParameters } from "./describe-parameters.ts";
import { BUILT_IN_JOB_TYPES } from "./job-type-registry.ts";
import { JULIA_PAR_BATCH } from "./julia-par-batch.ts";

/** The manual's parameters, its chapter Job Types. */
const COMMON = [
  "start_script",
  "run_volume",
  "pkg_bundle",
  "additional_volumes",
  "ports",
  "external",
  "image",
  "cpu",
  "gpu",
  "memory",
  "shell",
];
const MANUAL: Readonly<Record<string, readonly string[]>> = {
  JuliaBatch: COMMON,
  JuliaParBatch: [
    ...COMMON,
    "nworkers",
    "worker_cpu",
    "worker_gpu",
    "worker_memory",
    "worker_shell",
    "worker_start_script",
  ],
  JuliaParBatchWorkers: [...COMMON, "nworkers"],
  PkgBuilder: [
    "builder_script",
    "run_volume",
    "pkg_bundle",
    "additional_volumes",
    "image",
    "cpu",
    "gpu",
    "memory",
    "shell",
  ],
  Webserver: [
    "cfg_file",
    "run_volume",
    "additional_volumes",
    "image",
    "cpu",
    "memory",
    "envvars",
    "ports",
    "external",
    "nworkers",
  ],
  MessageQ: [
    "cfg_file",
    "run_volume",
    "additional_volumes",
    "image",
    "cpu",
    "memory",
    "envvars",
    "ports",
    "external",
  ],
};

const plan = (): never => {
  throw new Error("not planned here");
};

describe("describeParameters", () => {
  const manualTypes = BUILT_IN_JOB_TYPES.filter(({ manual }) => manual !== undefined);

  it.each(manualTypes.map((type) => [type.name, type] as const))(
    "has the manual's parameters of %s",
    (name, type) => {
      const parameters = describeParameters(type);
      expect(parameters.filter(({ manual }) => manual).map(({ manualName }) => manualName)).toEqual(
        MANUAL[name],
      );
      expect(
        parameters.filter(({ required }) => required).map((parameter) => parameter.name),
      ).toEqual(type.positional);
      expect(parameters.filter(({ description }) => description === "")).toEqual([]);
    },
  );

  it("tells a command line what it must know", () => {
    const byName = Object.fromEntries(
      describeParameters(JULIA_PAR_BATCH).map((parameter) => [parameter.name, parameter]),
    );
    expect(byName["runVolume"]).toMatchObject({
      flag: "run-volume",
      kind: "text",
      placeholder: "volume",
    });
    expect(byName["external"]).toMatchObject({ kind: "boolean", default: false });
    expect(byName["external"]).not.toHaveProperty("placeholder");
    expect(byName["additionalVolumes"]).toMatchObject({ kind: "list", default: [] });
    expect(byName["ports"]).toMatchObject({ kind: "map", placeholder: "name:container:service" });
    expect(byName["envvars"]).toMatchObject({
      kind: "map",
      placeholder: "name=value",
      manual: false,
    });
    expect(byName["workerCpu"]).toMatchObject({ default: "100m", unit: "cores" });
    expect(byName["restart"]).toMatchObject({
      choices: ["on-failure", "always", "never"],
      default: "on-failure",
    });
    expect(byName["nworkers"]).toMatchObject({ kind: "number" });
    expect(byName["pkgBundle"]).not.toHaveProperty("default");
  });

  it("describes plain schemas of a user's own type", () => {
    const schema = z.strictObject({
      count: z.int().default(3),
      deep: z.boolean().optional(),
      names: z.array(z.string()).meta({ description: "Names" }),
      map: z.record(z.string(), z.string()).default({}),
    });
    const type = defineJobType({
      name: "Mine",
      summary: "For tests.",
      schema,
      positional: ["names"],
      plan,
    });
    expect(
      describeParameters(type).map(({ flag, kind, required }) => [flag, kind, required]),
    ).toEqual([
      ["count", "number", false],
      ["deep", "boolean", false],
      ["names", "list", true],
      ["map", "map", false],
    ]);
  });
});
