import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JOB_NAME_PATTERN, jobNameSchema, MAX_JOB_NAME_LENGTH, toJobName } from "./job-name.ts";

describe("jobNameSchema", () => {
  it.each(["a", "helloworld", "hello-2", "a".repeat(45)])("accepts %j", (name) => {
    expect(jobNameSchema.parse(name)).toBe(name);
  });

  it.each([
    "",
    "A",
    "Hello",
    "1a",
    "-a",
    "a-",
    "a_b",
    "a.b",
    "a b",
    "ä",
    "a\n",
    "a".repeat(46),
    "../x",
  ])("refuses %j", (name) => {
    expect(jobNameSchema.safeParse(name).success).toBe(false);
  });
});

describe("toJobName", () => {
  it.each([
    ["Hello World.jl", "hello-world-jl"],
    ["2nd_try", "nd-try"],
    ["--", undefined],
  ])("makes a name of %j", (text, name) => {
    expect(toJobName(text)).toBe(name);
  });

  it("makes a valid name of any text, or none", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const name = toJobName(text) ?? "a";
        expect(name).toMatch(JOB_NAME_PATTERN);
        expect(name.length).toBeLessThanOrEqual(MAX_JOB_NAME_LENGTH);
      }),
    );
  });
});
