import { mkdir, readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
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
    /** Why the file failed, where it is not for one of its tests. */
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[] | null;
    }[];
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
): Required<Pick<Result, "passed" | "failed" | "skipped" | "failures">> {
  // A file that cannot be loaded, or tidied up after, fails without any of its tests.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  );
  const failed = report.numFailedTests + brokenFiles.length;
  const failures = [
    ...brokenFiles.map(({ name, message }) => toFailure(relative(root, name), message)),
    ...report.testResults.flatMap(({ assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === "failed")
        .map(({ fullName, failureMessages }) =>
          toFailure(fullName.trim(), failureMessages?.[0] ?? ""),
        ),
    ),
  ];
  const skipped = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ fullName, status }) => `${fullName.trim()} (${status})`),
  );
  if (report.testResults.length === 0) skipped.push("there is no test file");
  return {
    passed: report.numPassedTests,
    failed: ok ? failed : Math.max(failed, 1),
    skipped,
    failures,
  };
}

/** Name and message, as one line. */
function toFailure(name: string, message: string): string {
  const line = stripVTControlCharacters(message.trim().split("\n", 1)[0] ?? "");
  return line === "" ? name : `${name}: ${line.slice(0, 300)}`;
}
