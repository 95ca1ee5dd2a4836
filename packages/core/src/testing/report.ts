import { CONFORMANCE_CASES } from "./all-cases.ts";
import type { CaseResult } from "./conformance-case.ts";

/** What the suite found out about a backend; `docs/backends.md` is made of these. */
export interface ConformanceReport {
  readonly backend: string;
  /** In the contract's order. */
  readonly cases: readonly Pick<CaseResult, "id" | "outcome" | "reason">[];
}

/** A {@link ConformanceReport} as JSON: the same results make the same text. */
export function toReport(backend: string, results: readonly CaseResult[]): string {
  const byId = new Map(results.map((result) => [result.id, result]));
  const cases = CONFORMANCE_CASES.flatMap(({ id }) => {
    const result = byId.get(id);
    if (!result) return [];
    const { outcome, reason } = result;
    // The words of a failure may differ from run to run.
    const told = outcome === "failed" || reason === undefined ? {} : { reason };
    return [{ id, outcome, ...told }];
  });
  const report: ConformanceReport = { backend, cases };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
