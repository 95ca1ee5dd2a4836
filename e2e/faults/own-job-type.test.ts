import { describe, expect, inject, test } from "vitest";
import {
  placeSweep,
  SWEEP_CONFIG,
  sweepByCommand,
  sweepFromTypeScript,
} from "../jrun/own-job-type.ts";
import { Workspace } from "../jrun/workspace.ts";

const EXIT_CONFIG = 2;

/** A module with a job type whose `plan()` is as given. */
const withPlan = (plan: string): string => `
import { defineJobType } from "@juliarun/core";
import { z } from "zod";
export const OWN = defineJobType({
  name: "Own",
  summary: "For tests.",
  schema: z.strictObject({}),
  positional: [],
  plan: ${plan},
});
`;

describe.skipIf(!inject("docker").available)("a job type of the user's own", () => {
  test("runs, with its own parameters, from a module that the configuration names", async () => {
    expect.hasAssertions();
    await using workspace = await Workspace.create({ config: SWEEP_CONFIG });
    await sweepByCommand(workspace);
  });

  test("runs from a program", async () => {
    expect.hasAssertions();
    await using workspace = await Workspace.create();
    await sweepFromTypeScript(workspace);
  });

  test("is explained by --help, and its parameters are checked", async () => {
    await using workspace = await Workspace.create({ config: SWEEP_CONFIG });
    await placeSweep(workspace);
    const help = await workspace.jrun("submit", "Sweep", "--help");
    expect(help).toMatch(/--values <value>.*Values to try/);
    expect(help).toContain("--run-volume");
    expect(await workspace.jrun("submit", "--help")).toContain("Sweep");
    const wrong = await workspace.run("submit", "Sweep", "x", "/x.jl", "juliarun", "--vaules", "1");
    expect(wrong.exitCode).toBe(EXIT_CONFIG);
    expect(wrong.stderr).toContain("--values");
  });

  const wrong: readonly (readonly [string, string | undefined, RegExp])[] = [
    ["is not there", undefined, /own\.ts/],
    ["cannot be read", "export default {{{", /own\.ts/],
    ["throws", 'throw new Error("out of order")', /own\.ts.*out of order/s],
    ["lacks a package", 'import "no-such-package";', /own\.ts.*no-such-package/s],
    ["has no job type", "export const answer = 42;", /own\.ts.*job type/s],
    ["cannot plan", withPlan('() => { throw new Error("no") }'), /type Own cannot plan.*: no/],
    ["plans nothing that can run", withPlan("() => ({})"), /type Own makes a plan.*groups is/s],
  ];

  test.each(wrong)("whose module %s is refused by name", async (_case, content, message) => {
    await using workspace = await Workspace.create({ config: { jobtypes: ["./juliarun/own.ts"] } });
    if (content !== undefined) await workspace.file("own.ts", content);
    const { exitCode, stderr } = await workspace.run("submit", "Own", "x");
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
    expect(exitCode).toBe(EXIT_CONFIG);
    expect(await workspace.containers()).toEqual([]);
  });
});
