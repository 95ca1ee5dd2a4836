import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { init, jobRequest, placedFile } from "@juliarun/sdk";
import { expect } from "vitest";
import { SWEEP } from "../../examples/job-types/sweep.ts";
import type { JrunFolder } from "./jrun-folder.ts";

const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/job-types/${name}`, import.meta.url));

/** What a configuration needs for {@link sweepByCommand}. */
export const SWEEP_CONFIG = { jobtypes: ["./sweep.ts"] };

/** Puts the example's module beside the configuration: a folder where nothing is installed. */
export async function placeSweep(place: JrunFolder): Promise<void> {
  await cp(example("sweep.ts"), join(place.folder, "sweep.ts"));
}

/** The example of a job type of one's own, by command line. */
export async function sweepByCommand(place: JrunFolder): Promise<void> {
  await placeSweep(place);
  const script = await place.file("try.jl", await readFile(example("try.jl"), "utf8"));
  const line = ["submit", "Sweep", "rates", script, "juliarun", "--values", "0.1,0.5"];
  await place.jrun(...line, "--wait");
  await expectTried(place);
  // A finished sweep of the same values is that sweep.
  const { uid } = await place.job("rates");
  await place.jrun(...line);
  expect(await place.job("rates")).toMatchObject({ uid, status: { phase: "succeeded" } });
}

/** The example by a program, for which the configuration names no module. */
export async function sweepFromTypeScript(place: JrunFolder): Promise<void> {
  await using ctx = await init({
    cwd: place.folder,
    env: { ...process.env, JRUN_STATE_DIR: place.stateFolder },
    jobTypes: [SWEEP],
  });
  const job = jobRequest(SWEEP, {
    name: "rates",
    startScript: "try.jl",
    runVolume: "juliarun",
    values: ["0.1", "0.5"],
    files: [placedFile("try.jl", await readFile(example("try.jl")))],
  });
  expect(await ctx.submit(job)).toMatchObject({ created: true });
  expect(await ctx.wait(job)).toMatchObject({ succeeded: true, nworkersSucceeded: 2 });
  // Who only looks at jobs need not know their types.
  await expectTried(place);
  expect(await place.jrun("ls")).toMatch(/^rates +Sweep +succeeded/m);
  expect(await place.run("submit", "Sweep", "other")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("unknown job type"),
  });
  expect(await place.jrun("delete", "rates")).toBe("deleted: rates\n");
}

async function expectTried(place: JrunFolder): Promise<void> {
  const lines = (await place.jrun("logs", "rates")).split("\n");
  for (const value of ["0.1", "0.5"])
    expect(lines.filter((line) => line.endsWith(`tried ${value}`))).toHaveLength(1);
  expect(await place.job("rates")).toMatchObject({
    type: "Sweep",
    status: { phase: "succeeded", nworkersSucceeded: 2 },
  });
}
