import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../workspace.ts";
import { countTests } from "./vitest-run.ts";

const file = (status: string, ...tests: string[]) => ({
  name: join(root, "a.test.ts"),
  status,
  message: status === "failed" && tests.length < 2 ? "Error: cannot\n  at once" : "",
  assertionResults: tests.map((each, index) => ({
    fullName: ` test ${index}`,
    status: each,
    failureMessages: each === "failed" ? ["AssertionError: expected 1\n  at somewhere"] : null,
  })),
});

describe("countTests", () => {
  test("counts passed, failed and skipped tests", () => {
    const testResults = [file("failed", "passed", "failed", "skipped", "todo")];
    const report = { numPassedTests: 1, numFailedTests: 1, testResults };
    expect(countTests(report, false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: ["test 2 (skipped)", "test 3 (todo)"],
      failures: ["test 1: AssertionError: expected 1"],
    });
  });

  test("counts a file that could not be loaded", () => {
    const testResults = [file("passed", "passed"), file("failed")];
    const report = { numPassedTests: 1, numFailedTests: 0, testResults };
    expect(countTests(report, false)).toEqual({
      passed: 1,
      failed: 1,
      skipped: [],
      failures: ["a.test.ts: Error: cannot"],
    });
  });

  test("counts an error outside of tests", () => {
    const report = {
      numPassedTests: 1,
      numFailedTests: 0,
      testResults: [file("passed", "passed")],
    };
    expect(countTests(report, false).failed).toBe(1);
  });

  test("a project without tests is a skip", () => {
    const report = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
    expect(countTests(report, true).skipped).toEqual(["there is no test file"]);
  });
});
