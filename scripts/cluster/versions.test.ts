import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fullName } from "./cluster-node.ts";
import { isNewEnough } from "./go.ts";
import { isSameRelease } from "./kind.ts";
import { versions } from "./versions.ts";

test("the Go module names the same version", async () => {
  const module = await readFile(new URL("kubernetes/go.mod", import.meta.url), "utf8");
  expect(module).toContain(`k8s.io/kubernetes ${versions.kubernetes}\n`);
});

test.each([
  ["go version go1.24.0 linux/amd64", true],
  ["go version go1.26rc1 linux/arm64", true],
  ["go version go1.19.8 linux/amd64", false],
  ["not Go", false],
])("isNewEnough: %s", (answer, expected) => {
  expect(isNewEnough(answer)).toBe(expected);
});

test.each([
  ["kind v0.30.1 go1.24.6 linux/amd64", true],
  ["kind v0.3.0 go1.24.6 linux/amd64", false],
  ["kind v0.31.0 go1.24.6 linux/amd64", false],
  ["", false],
])("isSameRelease: %s", (answer, expected) => {
  expect(isSameRelease(answer, "v0.30.0")).toBe(expected);
});

test.each([
  ["julia:1", "docker.io/library/julia:1"],
  ["busybox", "docker.io/library/busybox:latest"],
  ["jrun/julia:1.5-debian", "docker.io/jrun/julia:1.5-debian"],
  ["localhost:5000/julia", "localhost:5000/julia:latest"],
  ["registry.example/team/julia:1", "registry.example/team/julia:1"],
])("fullName: %s", (image, expected) => {
  expect(fullName(image)).toBe(expected);
});
