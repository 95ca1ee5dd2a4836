import { expect, test } from "vitest";
import { BROKEN_BACKENDS } from "./broken/all-broken.ts";
import type { ConformanceHarness } from "./harness.ts";
import { memoryHarness } from "./memory-harness.ts";
import { toReport } from "./report.ts";
import { runConformance } from "./run-conformance.ts";

const ids = ["delete/unknown"];

/** A backend that does not pass the case. */
function broken(): ConformanceHarness {
  const found = BROKEN_BACKENDS.find(({ rejectedBy }) => rejectedBy.includes("delete/unknown"));
  return memoryHarness(found?.options);
}

test("a rule that is kept passes, one that is broken fails with the error", async () => {
  expect(await runConformance(memoryHarness(), { ids })).toMatchObject([{ outcome: "passed" }]);
  const [result] = await runConformance(broken(), { ids });
  expect(result).toMatchObject({ id: "delete/unknown", outcome: "failed" });
  expect(result?.error).toBeInstanceOf(Error);
});

test("a listed deviation must fail", async () => {
  const deviations = [{ id: "delete/unknown", reason: "It is so." }];
  expect(await runConformance({ ...broken(), deviations }, { ids })).toMatchObject([
    { outcome: "deviates", reason: "It is so." },
  ]);
  expect(await runConformance({ ...memoryHarness(), deviations }, { ids })).toMatchObject([
    { outcome: "failed", reason: expect.stringContaining("no deviation") },
  ]);
});

test("unknown ids and missing reasons are errors", async () => {
  const harness = memoryHarness();
  const unknown = [{ id: "delete/nothing", reason: "It is so." }];
  await expect(runConformance({ ...harness, deviations: unknown }, { ids })).rejects.toThrow(
    "delete/nothing names no case",
  );
  const silent = [{ id: "delete/unknown", reason: " " }];
  await expect(runConformance({ ...harness, deviations: silent }, { ids })).rejects.toThrow(
    "no reason",
  );
  await expect(runConformance(harness, { ids: ["delete/nothing"] })).rejects.toThrow(
    "there is no case delete/nothing",
  );
});

test("a case that the harness cannot do is not applicable, with the reason", async () => {
  const lacking = { leftovers: "Nobody can look." };
  const results = await runConformance(
    { ...memoryHarness(), lacking },
    { ids: ["delete/leaves-nothing", "delete/unknown"] },
  );
  expect(results).toMatchObject([
    { id: "delete/unknown", outcome: "passed" },
    { id: "delete/leaves-nothing", outcome: "not-applicable", reason: "Nobody can look." },
  ]);
});

test("a control that is neither there nor listed as lacking is a failure", async () => {
  const whole = memoryHarness();
  const harness: ConformanceHarness = {
    ...whole,
    create: async (options) => ({ ...(await whole.create(options)), controls: {} }),
  };
  const [result] = await runConformance(harness, { ids: ["delete/leaves-nothing"] });
  expect(result?.reason).toContain("leftovers");
});

test("a report has one case a line, in the contract's order", () => {
  const text = toReport("some", [
    { id: "delete/unknown", outcome: "deviates", reason: 'Because "so".', durationMs: 3 },
    { id: "submit/new", outcome: "passed", durationMs: 5 },
  ]);
  expect(text.split("\n")[3]).toBe('    { "id": "submit/new", "outcome": "passed" },');
  expect(JSON.parse(text)).toEqual({
    backend: "some",
    cases: [
      { id: "submit/new", outcome: "passed" },
      { id: "delete/unknown", outcome: "deviates", reason: 'Because "so".' },
    ],
  });
});
