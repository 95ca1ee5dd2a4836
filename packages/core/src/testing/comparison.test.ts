import { describe, expect, it } from "vitest";
import { CONFORMANCE_CASES } from "./all-cases.ts";
import { renderComparison, reportProblems } from "./comparison.ts";
import type { CaseResult, ConformanceArea } from "./conformance-case.ts";
import { parseReport, toReport, type ConformanceReport } from "./report.ts";

const rule = (id: string, text: string) => ({ id, rule: text, run: async () => {} });
const areas: ConformanceArea[] = [
  {
    name: "queue",
    summary: "What waits, and how long.",
    cases: [
      rule("queue/waits", "A job waits for room."),
      rule("queue/order", "Jobs start in the order of submits | names."),
      rule("queue/released", "Room is given back."),
    ],
  },
  { name: "list", summary: "What is listed.", cases: [rule("list/all", "Every job is listed.")] },
];

function report(backend: string, ...cases: ConformanceReport["cases"]): ConformanceReport {
  return { backend, cases };
}

const passed = ["queue/waits", "queue/order", "queue/released", "list/all"].map((id) => ({
  id,
  outcome: "passed" as const,
}));
const reason = "The scheduler decides.";
const other = report(
  "other",
  { id: "list/all", outcome: "passed" },
  { id: "queue/waits", outcome: "not-applicable", reason },
  { id: "queue/released", outcome: "not-applicable", reason },
  { id: "queue/order", outcome: "deviates", reason: "By priority." },
);

describe("renderComparison", () => {
  const text = renderComparison(
    [
      { title: "In memory", report: report("memory", ...passed) },
      { title: "Other", report: other },
    ],
    areas,
  );

  it("counts what passes, by area and in all", () => {
    expect(text).toContain(`| rules | In memory | Other |
| --- | --- | --- |
| [queue](#queue) | 3 | 0 of 3 |
| [list](#list) | 1 | 1 |
| **all** | **4** | **1 of 4** |
`);
  });

  it("shows each rule with what every backend makes of it, and each reason once", () => {
    expect(text).toContain(`## queue

What waits, and how long.

| rule | In memory | Other |
| --- | --- | --- |
| \`queue/waits\`: A job waits for room. | yes | n/a |
| \`queue/order\`: Jobs start in the order of submits \\| names. | yes | **deviates** |
| \`queue/released\`: Room is given back. | yes | n/a |

- Other, n/a: The scheduler decides. (\`queue/waits\`, \`queue/released\`)
- Other, deviates: By priority. (\`queue/order\`)

## list
`);
  });

  it("adds nothing below a table without deviations", () => {
    expect(text.endsWith("| `list/all`: Every job is listed. | yes | yes |\n")).toBe(true);
  });
});

describe("reportProblems", () => {
  it("finds none where every case has a result that is no failure", () => {
    expect(reportProblems(other, areas)).toEqual([]);
  });

  it("names cases that failed or have not been run", () => {
    const some = report("some", { id: "queue/waits", outcome: "failed" }, ...passed.slice(2));
    expect(reportProblems(some, areas)).toEqual([
      "queue/waits failed",
      "queue/order has no result",
    ]);
  });
});

describe("parseReport", () => {
  it("reads what toReport wrote", () => {
    const results = CONFORMANCE_CASES.map(({ id }, index): CaseResult =>
      index === 0
        ? { id, outcome: "deviates", reason, durationMs: 1 }
        : { id, outcome: "passed", durationMs: 1 },
    );
    const read = parseReport(toReport("memory", results));
    expect(read.cases).toEqual(results.map(({ durationMs: _durationMs, ...result }) => result));
    expect(reportProblems(read)).toEqual([]);
  });

  it("refuses what is no report", () => {
    expect(() => parseReport('{"backend":"x"}')).toThrow("cases");
    expect(() => parseReport("")).toThrow(SyntaxError);
  });
});
