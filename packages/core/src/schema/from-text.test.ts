import { describe, expect, it } from "vitest";
import { z } from "zod";
import { fromText } from "./from-text.ts";

describe("fromText", () => {
  it.each([
    [z.number(), "3", 3],
    [z.int().default(1), " -4 ", -4],
    [z.number().optional(), "1.5", 1.5],
    [z.boolean().default(false), "true", true],
    [z.array(z.string()), "a, b", ["a", "b"]],
    [z.array(z.number()), "1,2", [1, 2]],
    [z.array(z.number()), ["1", 2], [1, 2]],
    [z.array(z.number()), ["1,2", "3"], [1, 2, 3]],
    [z.array(z.string()), ["a,b"], ["a,b"]],
    [z.record(z.string(), z.string()), ["A=b=c", "D="], { A: "b=c", D: "" }],
    [z.record(z.string(), z.number()), "a=1,b=2", { a: 1, b: 2 }],
    [z.record(z.string(), z.number()), { a: 1 }, { a: 1 }],
  ])("reads what the schema wants: %#", (schema, given, wanted) => {
    expect(fromText(schema, given)).toEqual(wanted);
  });

  it.each([
    [z.number(), "three"],
    [z.number(), ""],
    [z.boolean(), "yes"],
    [z.string(), "3"],
    [z.record(z.string(), z.string()), "no pair"],
    [z.array(z.string()), 3],
    [z.number(), { a: 1 }],
  ])("leaves anything else alone: %#", (schema, given) => {
    expect(fromText(schema, given)).toEqual(given);
  });
});
