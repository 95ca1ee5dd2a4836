import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONFORMANCE_CASES, toReport, type CaseResult } from "@juliarun/core/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compareBackends } from "./compare.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jrun-results-"));
  await mkdir(folder, { recursive: true });
});

afterEach(async () => rm(folder, { recursive: true }));

async function write(backend: string, outcome: CaseResult["outcome"] = "passed"): Promise<void> {
  const results = CONFORMANCE_CASES.map(({ id }) => ({ id, outcome, durationMs: 0 }));
  await writeFile(join(folder, `${backend}.json`), toReport(backend, results));
}

test("compares all backends once each has its results", async () => {
  await write("memory");
  await write("docker");
  expect(await compareBackends(folder)).toEqual({
    missing: ["Kubernetes: the conformance suite has left no results"],
  });
  await write("kubernetes");
  expect(await compareBackends(folder)).toEqual({
    text: expect.stringContaining("| rule | In memory | Docker Engine | Kubernetes |"),
  });
});

test("writes no failures down", async () => {
  await write("memory");
  await write("docker", "failed");
  await write("kubernetes");
  const first = CONFORMANCE_CASES[0]?.id ?? "";
  expect(await compareBackends(folder)).toEqual({
    missing: [expect.stringContaining(`Docker Engine: ${first} failed, `)],
  });
});
