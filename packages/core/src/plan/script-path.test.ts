import { describe, expect, it } from "vitest";
import { SpecIssues } from "../errors/spec-issues.ts";
import { placedFile } from "../spec/placed-files.ts";
import { scriptPath } from "./script-path.ts";

const place = {
  parameter: "startScript",
  runVolume: "juliarun",
  mounts: [{ volume: "juliarun", path: "/mnt/juliarun", readOnly: false }],
  files: [placedFile("placed.jl", "")],
};

function find(given: string): string {
  const issues = new SpecIssues();
  const path = scriptPath(given, place, issues);
  issues.throwIfAny("a job");
  return path;
}

describe("scriptPath", () => {
  it.each([
    ["/mnt/juliarun/a/b.jl", "/mnt/juliarun/a/b.jl"],
    ["/opt/app/b.jl", "/opt/app/b.jl"],
    ["/mnt/b.jl", "/mnt/b.jl"],
    ["/mntx/data/b.jl", "/mntx/data/b.jl"],
    ["a/b.jl", "/mnt/juliarun/a/b.jl"],
    ["placed.jl", "/run/juliarun/files/placed.jl"],
    ["/opt/../mnt/juliarun/b.jl", "/mnt/juliarun/b.jl"],
  ])("finds %s", (given, path) => {
    expect(find(given)).toBe(path);
  });

  it.each([
    "/mnt/data/b.jl",
    "/mnt/juliarun/../data/b.jl",
    "../data/b.jl",
    "/opt/../mnt/data/x/b.jl",
  ])("refuses %s, whose volume is not mounted", (given) => {
    expect(() => find(given)).toThrow(
      expect.objectContaining({
        code: "SPEC_INVALID",
        message: expect.stringContaining("no volume data is mounted"),
      }),
    );
  });

  it("suggests the mounted volume that was probably meant", () => {
    expect(() => find("/mnt/julirun/b.jl")).toThrow(/did you mean \/mnt\/juliarun\/b\.jl\?/);
  });
});
