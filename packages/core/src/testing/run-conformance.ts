import pLimit from "p-limit";
import { CONFORMANCE_CASES } from "./all-cases.ts";
import { CaseRunner } from "./case-runner.ts";
import type { CaseResult } from "./conformance-case.ts";
import { harnessProblems } from "./harness-problems.ts";
import type { ConformanceHarness } from "./harness.ts";

/** How to run the suite without a test framework. */
export interface RunConformanceOptions {
  /** Only these cases; all where absent. */
  readonly ids?: readonly string[];
  /** Cases at once: 5 where absent. */
  readonly concurrency?: number;
}

/**
 * Runs the cases and tells what became of each; a failure is a result, not an error.
 * @throws Error when the harness or the ids make no sense.
 */
export async function runConformance(
  harness: ConformanceHarness,
  { ids, concurrency = 5 }: RunConformanceOptions = {},
): Promise<CaseResult[]> {
  const known = new Set(CONFORMANCE_CASES.map(({ id }) => id));
  const unknown = (ids ?? []).filter((id) => !known.has(id)).map((id) => `there is no case ${id}`);
  const problems = [...harnessProblems(harness), ...unknown];
  if (problems.length > 0) throw new Error(problems.join("; "));
  const runner = new CaseRunner(harness);
  const limit = pLimit(concurrency);
  const cases = CONFORMANCE_CASES.filter(({ id }) => ids?.includes(id) ?? true);
  try {
    return await Promise.all(cases.map(async (each) => limit(async () => runner.run(each))));
  } finally {
    await runner.close();
  }
}
