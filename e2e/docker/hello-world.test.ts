import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { init, juliaBatch } from "@juliarun/sdk";
import { describe, expect, inject, test } from "vitest";
import { Workspace } from "../jrun/workspace.ts";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));

async function place(workspace: Workspace, example: string): Promise<void> {
  await cp(join(examples, example), join(workspace.volume, example), { recursive: true });
}

describe.skipIf(!inject("docker").available)("the manual's first chapters", () => {
  test("Hello, World, by command line", async () => {
    await using workspace = await Workspace.create();
    await place(workspace, "helloworld");
    expect(await workspace.jrun("status")).toMatch(/^State: +up$/m);
    const script = "/mnt/juliarun/helloworld/helloworld.jl";
    const parameters = ["--start-script", script, "--run-volume", "juliarun"];
    const submitted = await workspace.jrun("submit", "JuliaBatch", "helloworld", ...parameters);
    expect(submitted).toMatch(/^submitted: helloworld is \w+/);
    expect(await workspace.jrun("wait", "helloworld")).toMatch(/^helloworld succeeded after /);
    expect((await workspace.job("helloworld")).status).toMatchObject({
      created: true,
      succeeded: true,
      nworkersSucceeded: 0,
      parallelism: 0,
      npending: 0,
      exitCode: 0,
    });
    expect(await workspace.jrun("logs", "helloworld")).toBe("hello, world!\n");
    expect(await workspace.readFile("helloworld/log/master.stdout")).toBe("hello, world!\n");
    expect(await workspace.jrun("delete", "helloworld")).toBe("deleted: helloworld\n");
    expect(await workspace.jobs()).toEqual([]);
    expect(await workspace.containers()).toEqual([]);
    // Results are the user's: they stay.
    expect(await workspace.readFile("helloworld/log/master.stdout")).toBe("hello, world!\n");
  });

  test("Hello, World, from TypeScript", async () => {
    await using workspace = await Workspace.create();
    await place(workspace, "helloworld");
    await using ctx = await init({
      cwd: workspace.folder,
      env: { ...process.env, JRUN_STATE_DIR: workspace.stateFolder },
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
  });

  test("Hello, World in Parallel", async () => {
    await using workspace = await Workspace.create();
    await place(workspace, "helloparallel");
    const folder = "/mnt/juliarun/helloparallel";
    const positional = ["helloparallel", `${folder}/master.jl`, "juliarun"];
    const workers = ["--worker-start-script", `${folder}/worker.jl`, "--nworkers", "2"];
    await workspace.jrun("submit", "JuliaParBatch", ...positional, ...workers);
    expect(await workspace.jrun("wait", "helloparallel")).toMatch(/^helloparallel succeeded/);
    expect((await workspace.job("helloparallel")).status).toMatchObject({
      succeeded: true,
      nworkersSucceeded: 2,
      parallelism: 2,
    });
    expect(await workspace.jrun("ls")).toMatch(/^helloparallel +JuliaParBatch +succeeded +2\/2 /m);
    const stdout = await workspace.readFile("helloparallel/log/master.stdout");
    expect(stdout).toMatch(/^running on 2 workers\.\.\.\nPI \(estimated\) = 3\.1\d+\n$/);
    const logs = await readdir(join(workspace.volume, "helloparallel/log"));
    expect(logs).toEqual(expect.arrayContaining(["worker-0.stdout", "worker-1.stderr"]));
    expect(await workspace.jrun("delete", "helloparallel")).toBe("deleted: helloparallel\n");
    expect(await workspace.containers()).toEqual([]);
  });

  test("jrun init writes what they need", async () => {
    await using workspace = await Workspace.create();
    const { julia } = inject("docker").images;
    await workspace.jrun("init", "fresh", "--image", julia);
    const config = join(workspace.folder, "fresh/config.json");
    expect(await readFile(config, "utf8")).toContain(julia);
    expect(await workspace.jrun("doctor", "--config", config)).not.toMatch(/^(warn|fail)/m);
  });
});
