import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cpuSchema, formatCpu, parseCpu } from "./cpu.ts";

describe("parseCpu", () => {
  it.each([
    [0.1, 100],
    ["0.1", 100],
    ["100m", 100],
    ["2", 2000],
    [2, 2000],
    ["1.5", 1500],
    [".5", 500],
    ["0.0001", 1],
    ["0.5m", 1],
    ["0.07", 70],
    ["1m", 1],
    [" 4 ", 4000],
  ])("reads %j", (given, millis) => {
    expect(parseCpu(given)).toBe(millis);
  });

  it.each([
    "",
    "m",
    "0",
    0,
    "0m",
    -1,
    "-1",
    "abc",
    "1e3",
    "2 m",
    "100M",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "9".repeat(40),
  ])("refuses %j", (given) => {
    expect(() => parseCpu(given)).toThrow(expect.objectContaining({ code: "SPEC_INVALID" }));
  });

  it("says what is expected, and what was probably meant", () => {
    const { error } = cpuSchema.safeParse("2 cores");
    expect(error?.issues[0]?.message).toContain('not "2 cores"');
    expect(() => parseCpu("2 cores")).toThrow(
      expect.objectContaining({ details: { suggestion: "2" } }),
    );
  });

  it("prints what it reads", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (millis) => {
        expect(parseCpu(formatCpu(millis))).toBe(millis);
        expect(parseCpu(`${millis}m`)).toBe(millis);
        expect(parseCpu(millis / 1000)).toBe(millis);
      }),
    );
  });

  it("makes equal shares equal texts", () => {
    expect(["0.1", 0.1, "100m", "0.10"].map((given) => cpuSchema.parse(given))).toEqual(
      Array(4).fill("100m"),
    );
    expect(cpuSchema.parse("2000m")).toBe("2");
  });
});
