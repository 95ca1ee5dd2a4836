import { readFile, rm } from "node:fs/promises";
import { compareBackends, comparisonFile, resultsFolder } from "../backends/compare.ts";
import { checkResult, type Result } from "./result.ts";

/** Removes the results of an earlier run: they must not be taken for this one's. */
export async function forgetResults(): Promise<void> {
  await rm(resultsFolder, { recursive: true, force: true });
}

/** Whether docs/backends.md says what the conformance suite has just found out; to be run after the suite. */
export async function checkComparison(): Promise<Result> {
  const name = "comparison";
  const startedMs = Date.now();
  const comparison = await compareBackends();
  if ("missing" in comparison) {
    const skipped = comparison.missing.map((reason) => `docs/backends.md: ${reason}`);
    return { name, passed: 0, failed: 0, skipped, durationMs: Date.now() - startedMs };
  }
  const written = await readFile(comparisonFile, "utf8").catch(() => "");
  const same = written === comparison.text;
  if (!same) {
    console.log(`\n==> ${name}: FAILED: docs/backends.md is stale; run npm run docs:backends`);
  }
  return checkResult(name, same, startedMs);
}
