import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../workspace.ts";
import type { CommandRunner } from "./command-runner.ts";
import type { Result } from "./result.ts";

/** The part of vitest's JSON report that is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Some of a project's test files. */
export interface TestSelection {
  /** What the results are called. */
  readonly name: string;
  /** vitest's arguments that select them. */
  readonly args: readonly string[];
  /** More variables for the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs one vitest project, or some of its files, and counts the tests. */
export async function runVitest(
  project: string,
  run: CommandRunner,
  { name, args, env }: TestSelection = { name: project, args: [] },
): Promise<Result> {
  const startedMs = Date.now();
  const file = join(root, "test-results", `${name}.json`);
  await mkdir(join(root, "test-results"), { recursive: true });
  // An old report must not be taken for this run's.
  await rm(file, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const selection = ["--project", project, "--passWithNoTests", ...args];
  const ok = await run(name, "vitest", ["run", ...selection, ...reporters], env);
  const text = await readFile(file, "utf8").catch(() => undefined);
  const durationMs = Date.now() - startedMs;
  if (text === undefined) return { name, passed: 0, failed: 1, skipped: [], durationMs };
  return { name, durationMs, ...countTests(JSON.parse(text) as Report, ok) };
}

/** What a report says, as counts; a run that failed without a failed test counts as one failure. */
export function countTests(
  report: Report,
  ok: boolean,
): Pick<Result, "passed" | "failed" | "skipped"> {
  // A file that cannot be loaded fails without any of its tests.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  const skipped = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName, status }) => `${fullName.trim()} (${status})`),
  );
  if (report.testResults.length === 0) skipped.push("there is no test file");
  return { passed: report.numPassedTests, failed: ok ? failed : Math.max(failed, 1), skipped };
}
