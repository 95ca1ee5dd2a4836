import { z } from "zod";
import { CONFORMANCE_CASES } from "./all-cases.ts";
import type { CaseResult } from "./conformance-case.ts";

/** What the suite found out about a backend; `docs/backends.md` is made of these. */
export interface ConformanceReport {
  readonly backend: string;
  /** In the contract's order. */
  readonly cases: readonly Pick<CaseResult, "id" | "outcome" | "reason">[];
}

const schema = z.strictObject({
  backend: z.string(),
  cases: z.array(
    z
      .strictObject({
        id: z.string(),
        outcome: z.enum(["passed", "failed", "deviates", "not-applicable"]),
        reason: z.string().optional(),
      })
      .transform(({ id, outcome, reason }) =>
        reason === undefined ? { id, outcome } : { id, outcome, reason },
      ),
  ),
});

/** Reads what {@link toReport} made. @throws an error that says what is wrong with the text. */
export function parseReport(text: string): ConformanceReport {
  return schema.parse(JSON.parse(text));
}

/** A {@link ConformanceReport} as JSON: the same results make the same text. */
export function toReport(backend: string, results: readonly CaseResult[]): string {
  const byId = new Map(results.map((result) => [result.id, result]));
  const lines = CONFORMANCE_CASES.flatMap(({ id }) => {
    const result = byId.get(id);
    return result ? [`    ${toLine(result)}`] : [];
  });
  return `{\n  "backend": ${JSON.stringify(backend)},\n  "cases": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

/** One case a line, as the formatter has it. */
function toLine({ id, outcome, reason }: CaseResult): string {
  // The words of a failure may differ from run to run.
  const told = outcome === "failed" || reason === undefined ? {} : { reason };
  const parts = Object.entries({ id, outcome, ...told }).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{ ${parts.join(", ")} }`;
}
