import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { Workspace } from "../jrun/workspace.ts";

const SCRIPT = `
println("arguments: ", join(ARGS, ","))
println(stderr, "to stderr")
write(stdout, UInt8[0xff, 0xfe]); println()
exit(parse(Int, ARGS[1]))
`;

describe.skipIf(!inject("docker").available)("jrun run", () => {
  test("runs a script of this machine and ends with its exit code", async () => {
    await using workspace = await Workspace.create();
    await writeFile(join(workspace.folder, "hello.jl"), SCRIPT);
    const { exitCode, stdout, stderr } = await workspace.run("run", "hello.jl", "7", "--name");
    expect(exitCode).toBe(7);
    expect(stdout).toContain("arguments: 7,--name\n");
    expect(stderr).toContain("to stderr\n");
    const [job] = await workspace.jobs();
    expect(job).toMatchObject({ type: "JuliaBatch", status: { phase: "failed", exitCode: 7 } });
    expect(job?.name).toMatch(/^hello-/);
    expect(job?.status.units[0]?.attempts).toBe(1);
  });

  test("leaves nothing behind with --rm", async () => {
    await using workspace = await Workspace.create();
    await writeFile(join(workspace.folder, "hello.jl"), SCRIPT);
    expect(await workspace.jrun("run", "--rm", "hello.jl", "0")).toContain("arguments: 0\n");
    expect(await workspace.jobs()).toEqual([]);
    expect(await workspace.containers()).toEqual([]);
  });

  test("detaches with -d; the job goes on without any command", async () => {
    await using workspace = await Workspace.create();
    await writeFile(join(workspace.folder, "late.jl"), 'sleep(1); println("done")');
    const name = (await workspace.jrun("run", "-d", "late.jl")).trim();
    expect(await workspace.jrun("logs", name, "-f")).toBe("done\n");
  });

  test("gives the script workers", async () => {
    await using workspace = await Workspace.create();
    const script = `
      using JuliaRun, Distributed
      wait_for_workers(2)
      println(sum(pmap(x -> x^2, 1:10)), " by ", nworkers())
    `;
    await writeFile(join(workspace.folder, "squares.jl"), script);
    const stdout = await workspace.jrun("run", "--nworkers", "2", "squares.jl");
    expect(stdout).toContain("385 by 2\n");
  });

  test("says why a job without an exit code failed", async () => {
    await using workspace = await Workspace.create();
    await writeFile(
      join(workspace.folder, "greedy.jl"),
      "x = []; while true; push!(x, rand(10^6)); end",
    );
    const { exitCode, stderr } = await workspace.run("run", "--memory", "300Mi", "greedy.jl");
    expect(exitCode).toBe(137);
    expect(stderr).toMatch(/failed .*memory/);
  });
});
