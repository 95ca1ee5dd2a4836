import { describe, expect, test } from "vitest";
import { checkResult, summarise, type Result } from "./result.ts";

const unit: Result = { name: "unit", passed: 7, failed: 0, skipped: [], durationMs: 1200 };
const skipping: Result = { ...unit, name: "e2e", passed: 2, skipped: ["a test: no engine"] };

describe("summarise", () => {
  test("ends with the sum of all parts", () => {
    const { lines, ok } = summarise([unit, checkResult("lint", true, Date.now())], true);
    expect(lines.at(-1)).toBe("8 passed, 0 failed");
    expect(ok).toBe(true);
  });

  test("names what was skipped", () => {
    const { lines, ok } = summarise([skipping], false);
    expect(lines).toContain("  e2e: a test: no engine");
    expect(lines.at(-1)).toBe("2 passed, 0 failed");
    expect(ok).toBe(true);
  });

  test("counts a skip as a failure where nothing may be skipped", () => {
    const { lines, ok } = summarise([unit, skipping], true);
    expect(lines.at(-1)).toBe("9 passed, 1 failed");
    expect(ok).toBe(false);
  });

  test("names what failed after all parts, where a log's end shows it", () => {
    const failing: Result = { ...unit, failed: 1, failures: ["a test: AssertionError"] };
    const { lines } = summarise([failing, unit], true);
    expect(lines.slice(-4)).toEqual([
      "FAILED:",
      "  unit: a test: AssertionError",
      "",
      "14 passed, 1 failed",
    ]);
  });

  test("one failure fails the run", () => {
    const { lines, ok } = summarise([unit, checkResult("lint", false, Date.now())], false);
    expect(lines.at(-1)).toBe("7 passed, 1 failed");
    expect(ok).toBe(false);
  });
});
