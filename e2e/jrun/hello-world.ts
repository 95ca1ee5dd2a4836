import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { init, juliaBatch } from "@juliarun/sdk";
import { expect } from "vitest";
import type { JrunFolder } from "./jrun-folder.ts";

/** Where the manual's first chapters are worked through. */
export interface ManualPlace extends JrunFolder {
  /** Names of everything on the engine or cluster that belongs to jobs here. */
  objects(): Promise<string[]>;
}

const examples = fileURLToPath(new URL("../../examples", import.meta.url));

async function placeExample(place: ManualPlace, example: string): Promise<void> {
  await cp(join(examples, example), join(place.volume, example), { recursive: true });
}

/** Hello, World, by command line. */
export async function helloWorldByCommand(place: ManualPlace): Promise<void> {
  await placeExample(place, "helloworld");
  expect(await place.jrun("status")).toMatch(/^State: +up$/m);
  const script = "/mnt/juliarun/helloworld/helloworld.jl";
  const parameters = ["--start-script", script, "--run-volume", "juliarun"];
  const submitted = await place.jrun("submit", "JuliaBatch", "helloworld", ...parameters);
  expect(submitted).toMatch(/^submitted: helloworld is \w+/);
  expect(await place.jrun("wait", "helloworld")).toMatch(/^helloworld succeeded after /);
  expect((await place.job("helloworld")).status).toMatchObject({
    created: true,
    succeeded: true,
    nworkersSucceeded: 0,
    parallelism: 0,
    npending: 0,
    exitCode: 0,
  });
  expect(await place.jrun("logs", "helloworld")).toBe("hello, world!\n");
  expect(await place.readFile("helloworld/log/master.stdout")).toBe("hello, world!\n");
  expect(await place.jrun("delete", "helloworld")).toBe("deleted: helloworld\n");
  expect(await place.jobs()).toEqual([]);
  await expect.poll(async () => place.objects()).toEqual([]);
  // Results are the user's: they stay.
  expect(await place.readFile("helloworld/log/master.stdout")).toBe("hello, world!\n");
}

/** Hello, World, from TypeScript. */
export async function helloWorldFromTypeScript(place: ManualPlace): Promise<void> {
  await placeExample(place, "helloworld");
  await using ctx = await init({
    cwd: place.folder,
    env: { ...process.env, JRUN_STATE_DIR: place.stateFolder },
  });
  expect(await ctx.status()).toBe(true);
  const job = juliaBatch({
    name: "helloworld",
    startScript: "/mnt/juliarun/helloworld/helloworld.jl",
    runVolume: "juliarun",
  });
  expect(await ctx.submit(job)).toMatchObject({ created: true });
  expect(await ctx.wait(job)).toMatchObject({ created: true, succeeded: true });
  const lines: string[] = [];
  for await (const { line } of ctx.tail({ job })) lines.push(Buffer.from(line).toString());
  expect(lines).toEqual(["hello, world!"]);
  expect((await ctx.list()).map(({ name }) => name)).toEqual(["helloworld"]);
  expect(await ctx.delete(job)).toBe(true);
}

/** Hello, World in Parallel. */
export async function helloParallel(place: ManualPlace): Promise<void> {
  await placeExample(place, "helloparallel");
  const folder = "/mnt/juliarun/helloparallel";
  const positional = ["helloparallel", `${folder}/master.jl`, "juliarun"];
  const workers = ["--worker-start-script", `${folder}/worker.jl`, "--nworkers", "2"];
  await place.jrun("submit", "JuliaParBatch", ...positional, ...workers);
  expect(await place.jrun("wait", "helloparallel")).toMatch(/^helloparallel succeeded/);
  expect((await place.job("helloparallel")).status).toMatchObject({
    succeeded: true,
    nworkersSucceeded: 2,
    parallelism: 2,
  });
  expect(await place.jrun("ls")).toMatch(/^helloparallel +JuliaParBatch +succeeded +2\/2 /m);
  const stdout = await place.readFile("helloparallel/log/master.stdout");
  expect(stdout).toMatch(/^running on 2 workers\.\.\.\nPI \(estimated\) = 3\.1\d+\n$/);
  const logs = await readdir(join(place.volume, "helloparallel/log"));
  expect(logs).toEqual(expect.arrayContaining(["worker-0.stdout", "worker-1.stderr"]));
  expect(await place.jrun("delete", "helloparallel")).toBe("deleted: helloparallel\n");
  await expect.poll(async () => place.objects()).toEqual([]);
}
