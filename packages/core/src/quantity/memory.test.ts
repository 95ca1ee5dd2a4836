import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { containerMemorySchema, formatMemory, memorySchema, parseMemory } from "./memory.ts";

describe("parseMemory", () => {
  it.each([
    ["512Mi", 512 * 2 ** 20],
    ["8Gi", 8 * 2 ** 30],
    ["1Ti", 2 ** 40],
    ["500M", 500e6],
    ["1k", 1000],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["0.1Ki", 103],
    [1_048_576, 1_048_576],
    ["1048576", 1_048_576],
  ])("reads %j", (given, bytes) => {
    expect(parseMemory(given)).toBe(bytes);
  });

  it.each([
    "",
    "Mi",
    "0",
    -5,
    "-5Mi",
    "5 Mi",
    "512MB",
    "512mb",
    "1e9",
    "5Zi",
    "100m",
    Number.NaN,
    "9999999Pi",
  ])("refuses %j", (given) => {
    expect(() => parseMemory(given)).toThrow(expect.objectContaining({ code: "SPEC_INVALID" }));
  });

  it.each([
    ["512MB", "512Mi"],
    ["8gb", "8Gi"],
    ["8 GiB", "8Gi"],
    ["512m", "512Mi"],
  ])("takes %s for %s", (given, suggestion) => {
    expect(() => parseMemory(given)).toThrow(expect.objectContaining({ details: { suggestion } }));
  });

  it("prints what it reads", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (bytes) => {
        expect(parseMemory(formatMemory(bytes))).toBe(bytes);
      }),
    );
  });

  it("makes equal amounts equal texts", () => {
    expect(["1Gi", "1024Mi", 2 ** 30].map((given) => memorySchema.parse(given))).toEqual([
      "1Gi",
      "1Gi",
      "1Gi",
    ]);
    expect(memorySchema.parse("500M")).toBe("500M");
  });
});

describe("containerMemorySchema", () => {
  it("asks what a number without a unit means", () => {
    expect(containerMemorySchema.safeParse(512).error?.issues[0]).toMatchObject({
      message: "must be at least 6Mi, and 512 is 512 bytes",
      params: { suggestion: "512Mi" },
    });
    expect(containerMemorySchema.parse("6Mi")).toBe("6Mi");
  });
});
