import { describe, expect, it } from "vitest";
import { z } from "zod";
import { assertJobType, defineJobType } from "./define-job-type.ts";
import { BUILT_IN_JOB_TYPES, JobTypeRegistry } from "./job-type-registry.ts";

const plan = (): never => {
  throw new Error("not planned here");
};
const mine = defineJobType({
  name: "Mine",
  summary: "For tests.",
  schema: z.strictObject({ a: z.string() }),
  positional: ["a"],
  plan,
});

describe("assertJobType", () => {
  it.each<[string, unknown]>([
    ["not an object", undefined],
    ["not an object", "Mine"],
    ["name must be", { ...mine, name: "my type" }],
    ["name must be", { ...mine, name: "../x" }],
    ["no summary", { ...mine, summary: undefined }],
    ["no function plan", { ...mine, plan: {} }],
    ["must be z.strictObject", { ...mine, schema: { parse: plan } }],
    ["must be strict", { ...mine, schema: z.object({ a: z.string() }) }],
    ["must be strict", { ...mine, schema: z.looseObject({ a: z.string() }) }],
    ["parameter name", { ...mine, schema: z.strictObject({ name: z.string() }), positional: [] }],
    [
      "parameter dryRun",
      { ...mine, schema: z.strictObject({ dryRun: z.boolean() }), positional: [] },
    ],
    ["positional parameter b", { ...mine, positional: ["b"] }],
    ["positional parameter", { ...mine, positional: undefined }],
  ])("says what is wrong: %s", (problem, value) => {
    expect(() => assertJobType(value, "my.ts")).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(new RegExp(`^my\\.ts is not a job type: .*${problem}`)),
      }),
    );
  });
});

describe("JobTypeRegistry", () => {
  it("has the built-in types, and takes a user's the same way", () => {
    const registry = new JobTypeRegistry();
    registry.register(mine, "my.ts");
    expect(registry.list()).toEqual([...BUILT_IN_JOB_TYPES, mine]);
    expect(registry.get("Mine")).toBe(mine);
    expect(registry.has("JuliaBatch")).toBe(true);
    expect(registry.has("Other")).toBe(false);
  });

  it("refuses a second type of one name", () => {
    expect(() => new JobTypeRegistry([mine, mine])).toThrow(
      /defines the job type Mine, which exists already/,
    );
  });

  it.each([
    ["JuliaBach", "did you mean JuliaBatch?"],
    ["juliaparbatch", "did you mean JuliaParBatch?"],
    [
      "Quantum",
      "there are JuliaBatch, JuliaParBatch, JuliaParBatchWorkers, PkgBuilder, Webserver, MessageQ, Generic",
    ],
    ["constructor", "there are JuliaBatch"],
  ])("answers the unknown type %s", (name, message) => {
    expect(() => new JobTypeRegistry().get(name)).toThrow(
      expect.objectContaining({ code: "SPEC_INVALID", message: expect.stringContaining(message) }),
    );
  });
});
