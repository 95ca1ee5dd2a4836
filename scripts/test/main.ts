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

// The tests on Kubernetes come last: its node image is still being built while the others run.
const kubernetesPackage = "backend-kube";
const onKubernetes = { name: "kubernetes", args: [`packages/${kubernetesPackage}/`] };

async function onOthers(): Promise<TestSelection> {
  const packages = await readdir(join(root, "packages"));
  const args = packages
    .filter((name) => name !== kubernetesPackage)
    .map((name) => `packages/${name}/`);
  return { name: "conformance", args, env: { JRUN_TEST_KUBERNETES: "none" } };
}

const engineProgress = lineProgress(process.stdout, "[engine] ");
const docker = ensureEngine(engineProgress).then((engine) => engine.docker);
const finishCluster = startCluster(docker);
const [checks, engine] = await Promise.all([runChecks(), prepareEngine(docker)]);
const results = [...checks, engine];
const buildStartedMs = Date.now();
const built = await runQuietly("build", "turbo", ["run", "build"]);
results.push(checkResult("build", built, buildStartedMs));
results.push(await runVitest("conformance", runShown, await onOthers()));
results.push(await finishCluster());
results.push(await runVitest("conformance", runShown, onKubernetes));
results.push(await runVitest("e2e", runShown));

const { lines, ok } = summarise(results, strict);
console.log(lines.join("\n"));
process.exitCode = ok ? 0 : 1;
