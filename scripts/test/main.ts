import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { ensureEngine } from "../engine/index.ts";
import { dockerTestImages, ensureImages } from "../images/index.ts";
import { Problem } from "../progress/problem.ts";
import { lineProgress } from "../progress/progress.ts";
import { root } from "../workspace.ts";
import { startCluster } from "./cluster.ts";
import { runQuietly, runShown } from "./command-runner.ts";
import { checkComparison, forgetResults } from "./comparison-check.ts";
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
  results.push(await runVitest("unit", runQuietly, { name: "unit", args: [SIDE_BY_SIDE] }));
  return results;
}

async function prepareEngine(engine: Promise<Docker>): Promise<Result> {
  const startedMs = Date.now();
  try {
    const julia = process.env["JRUN_JULIA_IMAGE"];
    await ensureImages(await engine, dockerTestImages, julia, engineProgress);
    return checkResult("engine", true, startedMs);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    engineProgress.say(error.message);
    const skipped = [`every test on Docker: ${error.message}`];
    return { name: "engine", passed: 0, failed: 0, skipped, durationMs: Date.now() - startedMs };
  }
}

/** As many files at a time as there are processors, two on the smallest machine: most tests wait for engines. */
const SIDE_BY_SIDE = "--maxWorkers=100%";

/** The tests on Docker and on what needs no engine. */
async function runOthers(): Promise<Result[]> {
  const env = { JRUN_TEST_KUBERNETES: "none" };
  const conformance = await entriesOf("packages", "backend-kube");
  const e2e = [...(await entriesOf("e2e", "kubernetes")), SIDE_BY_SIDE];
  return [
    await runVitest("conformance", runShown, { name: "conformance", args: conformance, env }),
    await runVitest("e2e", runShown, { name: "e2e", args: e2e, env }),
  ];
}

/** The tests on Kubernetes, once there is a cluster; those that need all of it, or stop its API server, one by one. */
async function runOnKubernetes(): Promise<Result[]> {
  const cluster = await finishCluster();
  const alone = "--no-file-parallelism";
  const together = "--maxWorkers=3";
  const [sources, suite] = ["packages/backend-kube/src", "kube.conformance.test.ts"];
  const others = (await entriesOf(sources, suite)).filter((path) =>
    path.endsWith(".conformance.test.ts"),
  );
  const [tests, whole] = ["e2e/kubernetes", "whole-cluster"];
  const parts: [project: string, name: string, args: string[]][] = [
    // Its cases wait for the cluster most of the time.
    ["conformance", "kubernetes-conformance", [`${sources}/${suite}`, "--maxConcurrency=10"]],
    ["conformance", "kubernetes-parts", [...others, alone]],
    ["e2e", "kubernetes-e2e", [...(await entriesOf(tests, whole)), together]],
    ["e2e", "kubernetes-whole", [`${tests}/${whole}/`, alone]],
  ];
  const results: Result[] = [cluster];
  for (const [project, name, args] of parts)
    results.push(await runVitest(project, runShown, { name, args }));
  return results;
}

/** Paths of a folder's files and folders, but for one. */
async function entriesOf(folder: string, without: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true });
  return entries
    .filter(({ name }) => name !== without && name !== "node_modules")
    .map((entry) => `${folder}/${entry.name}${entry.isDirectory() ? "/" : ""}`)
    .filter((path) => /(\/|\.test\.ts)$/.test(path));
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
// Not beside each other: that would take as long, and more than some tests are patient.
results.push(...(await runOthers()), ...(await runOnKubernetes()));
results.push(await checkComparison());

const { lines, ok } = summarise(results, strict);
console.log(lines.join("\n"));
process.exitCode = ok ? 0 : 1;
