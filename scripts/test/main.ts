import { ensureEngine } from "../engine/index.ts";
import { ensureImage, ensureJuliaImage } from "../images/index.ts";
import { Problem } from "../progress/problem.ts";
import { lineProgress } from "../progress/progress.ts";
import { runQuietly, runShown } from "./command-runner.ts";
import { checkResult, summarise, type Result } from "./result.ts";
import { runVitest } from "./vitest-run.ts";

const strict = process.env["CI"] === "true";

/** What needs no engine: runs while the engine and its images are made. */
async function runChecks(): Promise<Result[]> {
  const checks: [name: string, command: string, args: string[]][] = [
    ["fmt", "oxfmt", ["--check"]],
    ["lint", "oxlint", []],
    ["types", "tsc", ["-b"]],
  ];
  const results: Result[] = [];
  for (const [name, command, args] of checks) {
    const startedMs = Date.now();
    results.push(checkResult(name, await runQuietly(name, command, args), startedMs));
  }
  results.push(await runVitest("unit", runQuietly));
  return results;
}

async function prepareEngine(): Promise<Result> {
  const startedMs = Date.now();
  const progress = lineProgress(process.stdout, "[engine] ");
  try {
    const { docker } = await ensureEngine(progress);
    await ensureImage(docker, "busybox", progress);
    await ensureJuliaImage(docker, process.env["JRUN_JULIA_IMAGE"], progress);
    await ensureImage(docker, "registry", progress);
    return checkResult("engine", true, startedMs);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    progress.say(error.message);
    const skipped = [`every test on Docker: ${error.message}`];
    return { name: "engine", passed: 0, failed: 0, skipped, durationMs: Date.now() - startedMs };
  }
}

const [checks, engine] = await Promise.all([runChecks(), prepareEngine()]);
const results = [...checks, engine];
const buildStartedMs = Date.now();
const built = await runQuietly("build", "turbo", ["run", "build"]);
results.push(checkResult("build", built, buildStartedMs));
for (const project of ["conformance", "e2e"]) results.push(await runVitest(project, runShown));

const { lines, ok } = summarise(results, strict);
console.log(lines.join("\n"));
process.exitCode = ok ? 0 : 1;
