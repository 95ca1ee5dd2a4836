import { describe, expect, it } from "vitest";
import { SpecIssues } from "../errors/spec-issues.ts";
import type { PlanContext } from "../job-types/job-type.ts";
import { resolveImage } from "./resolve-image.ts";

const julia = { image: "gcr.io/jrun/julialatest:v0.0.4", executable: "/opt/julia/bin/julia" };
const pinned = { image: "other", executable: "julia", user: "1000" };
const context: PlanContext = {
  namespace: "default",
  images: { julia, "julia-0.5": julia, "julia:pinned": pinned },
  volumes: {},
  packages: [],
};

function resolve(name: string) {
  const issues = new SpecIssues();
  const image = resolveImage(name, context, issues);
  return { image, refuse: () => issues.throwIfAny("JuliaBatch") };
}

describe("resolveImage", () => {
  it.each([
    ["julia-0.5", julia],
    ["julia:pinned", pinned],
  ])("finds the configured image %s", (name, image) => {
    expect(resolve(name).image).toBe(image);
  });

  it.each([
    "registry.example:5000/team/julia:1.10",
    "julia:1.10",
    "team/julia",
    "localhost/julia",
    `julia@sha256:${"0123456789abcdef".repeat(4)}`,
    `gcr.io/a/b:tag@sha256:${"0123456789abcdef".repeat(4)}`,
  ])("takes the reference %s as it is", (name) => {
    const { image, refuse } = resolve(name);
    expect(image).toEqual({ image: name, executable: "julia" });
    expect(refuse).not.toThrow();
  });

  it.each([
    "registry.example:5000/Team/julia",
    "julia:",
    "/julia",
    "https://registry.example/julia",
    "julia:1 0",
    "julia@sha256:abc",
    "user:password@registry.example/julia",
  ])("refuses %s, which is no reference", (name) => {
    expect(resolve(name).refuse).toThrow(/image is ".*", which is no image reference/);
  });

  it("refuses an unknown name, with the nearest one", () => {
    expect(resolve("julai").refuse).toThrow(
      /names the unknown image julai; configured are: julia, julia-0\.5, julia:pinned.*did you mean julia\?/,
    );
  });
});
