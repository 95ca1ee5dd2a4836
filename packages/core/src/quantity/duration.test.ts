import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationSchema, durationTextSchema, formatDuration, parseDuration } from "./duration.ts";

describe("parseDuration", () => {
  it.each([
    ["90s", 90],
    ["5m", 300],
    ["1h30m", 5400],
    ["480h", 1_728_000],
    ["2d", 172_800],
    [3600, 3600],
    ["3600", 3600],
    ["0s", 0],
  ])("reads %j", (given, seconds) => {
    expect(parseDuration(given)).toBe(seconds);
  });

  it.each(["", "h", "5 minutes", "1.5h", "-5m", -1, 1.5, "30m1h", "5ms", Number.NaN])(
    "refuses %j",
    (given) => {
      expect(() => parseDuration(given)).toThrow(expect.objectContaining({ code: "SPEC_INVALID" }));
    },
  );

  it("prints what it reads", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds))).toBe(seconds);
      }),
    );
    expect(formatDuration(5400)).toBe("1h30m");
  });
});

it("refuses durations below a limit", () => {
  expect(durationSchema(1).safeParse("0s").error?.issues[0]?.message).toBe("must be at least 1s");
  expect(durationSchema(0).parse("0s")).toBe(0);
});

it("keeps the text where the text is wanted", () => {
  expect(durationTextSchema.parse("480h")).toBe("480h");
  expect(durationTextSchema.parse(60)).toBe("60s");
  expect(durationTextSchema.safeParse("soon").success).toBe(false);
});
