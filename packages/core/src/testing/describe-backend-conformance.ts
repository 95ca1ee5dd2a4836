import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, describe, expect, test, type TestContext } from "vitest";
import { CONFORMANCE_AREAS, CONFORMANCE_CASES } from "./all-cases.ts";
import { CaseRunner } from "./case-runner.ts";
import type {
  CaseOutcome,
  CaseResult,
  ConformanceArea,
  ConformanceCase,
} from "./conformance-case.ts";
import { harnessProblems } from "./harness-problems.ts";
import type { ConformanceHarness } from "./harness.ts";
import { toReport } from "./report.ts";

/** Areas with cases that take long on real engines. */
const LONG_AREAS: ReadonlySet<string> = new Set(["recovery", "queue", "limit"]);

/** Where the results go. */
export interface DescribeConformanceOptions {
  /** A JSON file for the results, see `toReport()`: written when every case has been run. */
  readonly resultsFile?: string;
}

declare module "vitest" {
  interface TaskMeta {
    /** Result of a conformance case. */
    conformance?: Pick<CaseResult, "id" | "outcome" | "reason">;
  }
}

/**
 * The contract of `ClusterBackend` as vitest tests, one a case. A fully conforming backend's test is one call. A case that
 * cannot be run is annotated with the reason; a listed deviation that passes fails.
 */
export function describeBackendConformance(
  name: string,
  harness: ConformanceHarness,
  options: DescribeConformanceOptions = {},
): void {
  describe(`${name}: backend conformance`, () => {
    const runner = new CaseRunner(harness);
    // Twice: the runner's own limit has the better message, and tidies up.
    const timeout = runner.timeoutMs * 2;
    const results = new Map<string, CaseResult>();

    afterAll(async () => {
      await runner.close();
      if (options.resultsFile === undefined || results.size < CONFORMANCE_CASES.length) return;
      await mkdir(dirname(options.resultsFile), { recursive: true });
      await writeFile(options.resultsFile, toReport(name, [...results.values()]));
    }, timeout);

    test("deviations name cases and give reasons", () => {
      expect(harnessProblems(harness)).toEqual([]);
    });

    const alone = (each: ConformanceCase): boolean =>
      harness.sharesCapacity === true && each.world?.scarce === true;

    describe.concurrent.each(areasOf((each) => !alone(each)))("$name", ({ cases }) => {
      test.for(cases)("$id", { timeout }, async (each, context) => {
        expect(await examine(each, context)).not.toBe("failed");
      });
    });

    describe.each(areasOf(alone))("$name, alone", ({ cases }) => {
      test.for(cases)("$id", { timeout }, async (each, context) => {
        expect(await examine(each, context)).not.toBe("failed");
      });
    });

    async function examine(
      each: ConformanceCase,
      { annotate, task }: TestContext,
    ): Promise<CaseOutcome> {
      const result = await runner.run(each);
      results.set(each.id, result);
      const { id, outcome, reason } = result;
      task.meta.conformance = { id, outcome, ...(reason === undefined ? {} : { reason }) };
      // Not skipped: nothing of this run is missing. The reason is in the results, and in the document made of them.
      if (outcome === "not-applicable") await annotate(reason ?? "", "not-applicable");
      if (outcome === "failed") throw result.error;
      return outcome;
    }
  });
}

/** The areas with those of their cases that are wanted, long ones first, so that short ones fill the gaps. */
function areasOf(
  wanted: (each: ConformanceCase) => boolean,
): Pick<ConformanceArea, "name" | "cases">[] {
  const areas = CONFORMANCE_AREAS.map(({ name, cases }) => ({ name, cases: cases.filter(wanted) }));
  return areas
    .filter(({ cases }) => cases.length > 0)
    .toSorted((a, b) => Number(LONG_AREAS.has(b.name)) - Number(LONG_AREAS.has(a.name)));
}
