import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, inject, test } from "vitest";
import { Workspace } from "../jrun/workspace.ts";

const examples = new URL("../../examples/job-types/", import.meta.url);
const sweep = fileURLToPath(new URL("sweep.ts", examples));
const EXIT_CONFIG = 2;

async function createWorkspace(module: string): Promise<Workspace> {
  const { julia } = inject("docker").images;
  return Workspace.create({
    config: { jobtypes: [module], images: { julia: { image: julia, executable: "julia" } } },
  });
}

describe.skipIf(!inject("docker").available)("a job type of the user's own", () => {
  test("runs, with its own parameters, in real Julia", async () => {
    await using workspace = await createWorkspace(sweep);
    const script = await workspace.file(
      "try.jl",
      await readFile(new URL("try.jl", examples), "utf8"),
    );
    await workspace.jrun("submit", "Sweep", "rates", script, "juliarun", "--values", "0.1,0.5");
    await workspace.jrun("wait", "rates");
    const lines = (await workspace.jrun("logs", "rates")).split("\n");
    expect(lines.filter((line) => line.endsWith("tried 0.1"))).toHaveLength(1);
    expect(lines.filter((line) => line.endsWith("tried 0.5"))).toHaveLength(1);
    expect(await workspace.job("rates")).toMatchObject({
      type: "Sweep",
      status: { phase: "succeeded", nworkersSucceeded: 2 },
    });
  });

  test("is explained by --help, and its parameters are checked", async () => {
    await using workspace = await createWorkspace(sweep);
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
    ["has no job type", "export const answer = 42;", /own\.ts.*job type/s],
  ];

  test.each(wrong)("whose module %s is refused by name", async (_case, content, message) => {
    await using workspace = await createWorkspace("./juliarun/own.ts");
    if (content !== undefined) await workspace.file("own.ts", content);
    const { exitCode, stderr } = await workspace.run("submit", "Own", "x");
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain("    at ");
    expect(exitCode).toBe(EXIT_CONFIG);
  });
});
