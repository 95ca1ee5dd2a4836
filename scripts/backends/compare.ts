import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  parseReport,
  renderComparison,
  reportProblems,
  type ComparedBackend,
} from "@juliarun/core/testing";
import { root } from "../workspace.ts";

/** Where the conformance suite writes its results. */
export const resultsFolder = join(root, "test-results", "conformance");

/** The document that is made of them. */
export const comparisonFile = join(root, "docs", "backends.md");

/** The comparison, or why there is none. */
export type Comparison =
  | { readonly text: string }
  /** Results of some backends are absent or not fit to be written down: what is wrong with each. */
  | { readonly missing: readonly string[] };

const BACKENDS = [
  { title: "In memory", file: "memory.json" },
  { title: "Docker Engine", file: "docker.json" },
  { title: "Kubernetes", file: "kubernetes.json" },
] as const;

/** Compares what the suite has found out about the backends. */
export async function compareBackends(folder = resultsFolder): Promise<Comparison> {
  const read = await Promise.all(
    BACKENDS.map(async ({ title, file }) => readBackend(title, join(folder, file))),
  );
  const missing = read.filter((each) => typeof each === "string");
  if (missing.length > 0) return { missing };
  return { text: renderComparison(read.filter((each) => typeof each !== "string")) };
}

/** What is wrong with it, as a text. */
async function readBackend(title: string, path: string): Promise<ComparedBackend | string> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return `${title}: the conformance suite has left no results`;
  const report = parseReport(text);
  const problems = reportProblems(report);
  return problems.length === 0 ? { title, report } : `${title}: ${problems.join(", ")}`;
}
