import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { makeProject, preparedProjects, use, writeProject } from "../jrun/packages.ts";
import { Workspace } from "../jrun/workspace.ts";

const GREET = 'using Greeting; println(Greeting.hi(), Base.active_project() != "")';
const SIZES = ["--cpu", "200m", "--memory", "512Mi"];

describe.skipIf(!inject("docker").available)("a job's project", () => {
  test("is prepared once for two jobs at once, and not again", async () => {
    await using workspace = await Workspace.create();
    const project = ["--project", await makeProject(workspace, "fit")];
    const both = await Promise.all([
      use(workspace, "one", GREET, ...project),
      use(workspace, "two", GREET, ...project),
    ]);
    expect(both.map(({ stdout }) => stdout)).toEqual(["hitrue\n", "hitrue\n"]);
    const prepared = both.filter(({ stderr }) => stderr.includes("it has to be done once"));
    expect(prepared).toHaveLength(1);
    const folders = await preparedProjects(workspace);
    expect(folders).toHaveLength(1);

    const later = await use(workspace, "three", GREET, ...project);
    expect(later.stdout).toBe("hitrue\n");
    expect(later.stderr).not.toMatch(/juliarun:|Precompiling/);
    expect(await preparedProjects(workspace)).toEqual(folders);
  });

  test("is the same one for the workers of a parallel job", async () => {
    await using workspace = await Workspace.create();
    const project = await makeProject(workspace, "fit");
    const script = await workspace.file(
      "pi.jl",
      `using JuliaRun
       wait_for_workers(1)
       @everywhere using Greeting
       println(Greeting.hi(), remotecall_fetch(() -> Greeting.hi(), workers()[1]))
       println(Base.active_project() == remotecall_fetch(Base.active_project, workers()[1]))`,
    );
    const flags = ["--nworkers", "1", "--project", project, "--wait"];
    await workspace.jrun("submit", "JuliaParBatch", "pi", script, "juliarun", ...flags);
    expect(await workspace.readFile("pi/log/master.stdout")).toBe("hihi\ntrue\n");
    expect(await preparedProjects(workspace)).toHaveLength(1);
  });

  test("travels with a script", async () => {
    await using workspace = await Workspace.create();
    await makeProject(workspace, "unused");
    const folder = join(workspace.folder, "laptop");
    await mkdir(folder);
    await writeProject(folder, "/mnt/juliarun/Greeting");
    await writeFile(join(folder, "fit.jl"), GREET);
    const line = ["run", "--project", "laptop", "--rm", ...SIZES, "laptop/fit.jl"];
    expect(await workspace.jrun(...line)).toBe("hitrue\n");
  });

  test("that is broken fails its job with the reason", async () => {
    await using workspace = await Workspace.create();
    await makeProject(workspace, "fit");
    await writeProject(join(workspace.volume, "fit"), "../Nowhere");
    const script = await workspace.file("fit.jl", GREET);
    const submit = async (name: string, project: string): Promise<string> => {
      const flags = ["--project", project, "--restart", "never", "--wait", ...SIZES];
      const line = ["submit", "JuliaBatch", name, script, "juliarun", ...flags];
      expect(await workspace.run(...line)).toMatchObject({ exitCode: 1 });
      return (await workspace.run("logs", name)).stderr;
    };
    const said = await submit("broken", "fit");
    expect(said).toContain("Manifest.toml has a package at /mnt/juliarun/Nowhere");
    expect(said).toContain("cannot be used: see above");
    expect(await submit("missing", "nowhere")).toContain(
      "/mnt/juliarun/nowhere has no Project.toml",
    );
    expect(await preparedProjects(workspace)).toEqual([]);
    // Put right, the same project works: nothing half done is in its way.
    await writeProject(join(workspace.volume, "fit"), "../Greeting");
    const fixed = await use(workspace, "fixed", GREET, "--project", "fit");
    expect(fixed.stdout).toBe("hitrue\n");
  });

  test("whose preparation is killed is prepared by the next job", async () => {
    await using workspace = await Workspace.create();
    const project = await makeProject(workspace, "fit");
    // Never ends by itself: the package waits while it is precompiled.
    await workspace.file(
      "Greeting/src/Greeting.jl",
      `module Greeting
       while !isfile("/mnt/juliarun/go"); sleep(0.1); end
       hi() = "hi"
       end`,
    );
    const script = await workspace.file("fit.jl", GREET);
    const flags = ["--project", project, "--restart", "never", ...SIZES];
    await workspace.jrun("submit", "JuliaBatch", "killed", script, "juliarun", ...flags);
    await workspace.start("logs", "killed", "--follow").until("Precompiling", "stderr");
    await (await workspace.container("killed")).kill({ signal: "SIGKILL" });
    await workspace.file("go", "");
    const { stdout, stderr } = await use(workspace, "next", GREET, "--project", project);
    expect(stdout).toBe("hitrue\n");
    expect(stderr).toContain("waiting for job killed, which is preparing the same project");
    expect(await preparedProjects(workspace)).toHaveLength(1);
  });
});
