import { findCluster, type TestCluster } from "@juliarun/scripts/cluster";
import type { TestProject } from "vitest/node";

/** The Kubernetes cluster that tests may use: `inject("kubernetes")`. */
export type TestKubernetes =
  | ({ readonly available: true } & TestCluster)
  | { readonly available: false; readonly reason: string };

declare module "vitest" {
  interface ProvidedContext {
    kubernetes: TestKubernetes;
  }
}

/** Vitest's global set-up: the cluster that is there, or a loud reason why tests on Kubernetes are skipped. Makes none. */
export async function setup(project: TestProject): Promise<void> {
  const found = await find();
  if (!("reason" in found)) {
    project.provide("kubernetes", { available: true, ...found });
    return;
  }
  const { reason, expected } = found;
  if (expected && process.env["CI"] === "true") {
    throw new Error(`CI promises a Kubernetes cluster, but: ${reason}`);
  }
  if (expected) console.warn(`\nSKIPPED: every test on Kubernetes, because: ${reason}\n`);
  project.provide("kubernetes", { available: false, reason });
}

async function find(): Promise<TestCluster | { reason: string; expected: boolean }> {
  // Set where a run is of other tests only, while the cluster is still being made.
  if (process.env["JRUN_TEST_KUBERNETES"] === "none") {
    return { reason: "this run is without Kubernetes", expected: false };
  }
  const found = await findCluster();
  if (!("reason" in found)) return found;
  const advice = "run npm test, or npm run cluster -- up";
  return { reason: `${found.reason}: ${advice}`, expected: true };
}
