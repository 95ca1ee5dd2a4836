import { CONFORMANCE_CASES } from "./all-cases.ts";
import type { ConformanceHarness } from "./harness.ts";

/** What is wrong with a harness's lists: deviations that name no case or give no reason. */
export function harnessProblems({ deviations = [], lacking = {} }: ConformanceHarness): string[] {
  const known = new Set(CONFORMANCE_CASES.map(({ id }) => id));
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const { id, reason } of deviations) {
    if (!known.has(id)) problems.push(`deviation ${id} names no case`);
    if (seen.has(id)) problems.push(`deviation ${id} is listed twice`);
    if (reason.trim() === "") problems.push(`deviation ${id} has no reason`);
    seen.add(id);
  }
  for (const [control, reason] of Object.entries(lacking)) {
    if (reason.trim() === "") problems.push(`lacking ${control} has no reason`);
  }
  return problems;
}
