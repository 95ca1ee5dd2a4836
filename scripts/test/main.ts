import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { ensureEngine } from "../engine/index.ts";
import { ensureImage, ensureJuliaImage } from "../images/index.ts";
import { Problem } from "../progress/problem.ts";
import { lineProgress } from "../progress/progress.ts";
import { root } from "../workspace.ts";
import { startCluster } from "./cluster.ts";
import { runQuietly, runShown } from "./command-runner.ts";
import { checkComparison, forgetResults } from "./comparison-check.ts";
import { checkResult, summarise, type Result } from "./result.ts";
import { runVitest, type TestSelection } from "./vitest-run.ts";

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

async function prepareEngine(engine: Promise<Docker>): Promise<Result> {
  const startedMs = Date.now();
  try {
    const docker = await engine;
    await ensureImage(docker, "busybox", engineProgress);
    await ensureJuliaImage(docker, process.env["JRUN_JULIA_IMAGE"], engineProgress);
    await ensureImage(docker, "registry", engineProgress);
    return checkResult("engine", true, startedMs);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    engineProgress.say(error.message);
    const skipped = [`every test on Docker: ${error.message}`];
    return { name: "engine", passed: 0, failed: 0, skipped, durationMs: Date.now() - startedMs };
  }
}

// The tests on Kubernetes come last: its node image is still being built while the others run, and its cluster takes half a core.
const conformance = { folder: "packages", kubernetes: "backend-kube" };
const e2e = { folder: "e2e", kubernetes: "kubernetes" };

function onKubernetes({ folder, kubernetes }: typeof e2e, name: string): TestSelection {
  // Files one by one: some need all of the cluster's room, and one stops its API server. Many cases of a file at once: they wait.
  const args = [`${folder}/${kubernetes}/`, "--no-file-parallelism", "--maxConcurrency=10"];
  return { name, args };
}

async function onOthers({ folder, kubernetes }: typeof e2e, name: string): Promise<TestSelection> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  const args = entries
    .filter((entry) => entry.isDirectory() && ![kubernetes, "node_modules"].includes(entry.name))
    .map((entry) => `${folder}/${entry.name}/`);
  return { name, args, env: { JRUN_TEST_KUBERNETES: "none" } };
}

await forgetResults();
const engineProgress = lineProgress(process.stdout, "[engine] ");
const docker = ensureEngine(engineProgress).then((engine) => engine.docker);
const finishCluster = startCluster(docker);
const [checks, engine] = await Promise.all([runChecks(), prepareEngine(docker)]);
const results = [...checks, engine];
const buildStartedMs = Date.now();
const built = await runQuietly("build", "turbo", ["run", "build"]);
results.push(checkResult("build", built, buildStartedMs));
for (const [project, where] of [
  ["conformance", conformance],
  ["e2e", e2e],
] as const)
  results.push(await runVitest(project, runShown, await onOthers(where, project)));
results.push(await finishCluster());
for (const [project, where] of [
  ["conformance", conformance],
  ["e2e", e2e],
] as const) {
  const selection = onKubernetes(where, `kubernetes-${project}`);
  results.push(await runVitest(project, runShown, selection));
}
results.push(await checkComparison());

const { lines, ok } = summarise(results, strict);
console.log(lines.join("\n"));
process.exitCode = ok ? 0 : 1;
