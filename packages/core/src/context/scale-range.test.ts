import { assert, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { parseScaleTarget, scaleSteps } from "./scale-range.ts";

describe("parseScaleTarget", () => {
  it("reads a number and both forms of Julia's ranges", () => {
    expect(parseScaleTarget("4")).toBe(4);
    expect(parseScaleTarget("1:9")).toEqual({ start: 1, stop: 9 });
    expect(parseScaleTarget("1:2:9")).toEqual({ start: 1, step: 2, stop: 9 });
    expect(parseScaleTarget("9:-4:1")).toEqual({ start: 9, step: -4, stop: 1 });
  });

  it.each(["", "x", "1:", "1.5", "1:2:3:4", "1:x:3", "4 5", "0x10", "1e3"])(
    "refuses %j",
    (text) => {
      expect(() => parseScaleTarget(text)).toThrow(
        expect.objectContaining({ code: "SPEC_INVALID" }),
      );
    },
  );

  it("keeps a negative number, for the backend to refuse", () => {
    expect(parseScaleTarget("-1")).toBe(-1);
  });
});

describe("scaleSteps", () => {
  it("includes both ends, and ends before a stop that the step passes over", () => {
    expect(scaleSteps({ start: 1, step: 2, stop: 9 })).toEqual([1, 3, 5, 7, 9]);
    expect(scaleSteps({ start: 1, step: 3, stop: 9 })).toEqual([1, 4, 7]);
    expect(scaleSteps({ start: 2, stop: 4 })).toEqual([2, 3, 4]);
    expect(scaleSteps({ start: 5, step: -2, stop: 0 })).toEqual([5, 3, 1]);
    expect(scaleSteps({ start: 3, stop: 3 })).toEqual([3]);
  });

  it.each([
    { start: 5, stop: 1 },
    { start: 1, step: 0, stop: 2 },
    { start: -1, stop: 2 },
    { start: 2, step: -1, stop: -1 },
    { start: 0.5, stop: 2 },
    { start: 0, stop: 1e9 },
  ])("refuses %j", (range) => {
    expect(() => scaleSteps(range)).toThrow(expect.objectContaining({ code: "SPEC_INVALID" }));
  });

  it("stays within its ends", () => {
    const small = integer({ min: 0, max: 200 });
    assert(
      property(small, small, integer({ min: 1, max: 20 }), (start, stop, size) => {
        const step = start <= stop ? size : -size;
        const steps = scaleSteps({ start, step, stop });
        expect(steps[0]).toBe(start);
        expect(
          steps.every((each) => each >= Math.min(start, stop) && each <= Math.max(start, stop)),
        ).toBe(true);
        expect(Math.abs(stop - (steps.at(-1) ?? 0))).toBeLessThan(size);
      }),
    );
  });
});
