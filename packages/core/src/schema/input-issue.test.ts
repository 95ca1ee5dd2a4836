import { expect, it } from "vitest";
import { formatIssue, formatPath } from "./input-issue.ts";

it("writes paths as people read them", () => {
  expect(formatPath([])).toBe("");
  expect(formatPath(["storage", "nfs", 0, "server"])).toBe("storage.nfs[0].server");
  expect(formatPath(["images", "julia 1.5", "cert-verify"])).toBe(
    'images["julia 1.5"].cert-verify',
  );
});

it("writes an issue in one line", () => {
  expect(formatIssue({ path: ["cpus"], message: "is unknown", suggestion: "cpu" })).toBe(
    "cpus is unknown; did you mean cpu?",
  );
  expect(formatIssue({ path: [], message: "must be an object" })).toBe("must be an object");
  expect(formatIssue({ path: "a.b", message: "is required" })).toBe("a.b is required");
});
