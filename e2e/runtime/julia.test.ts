import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { TestJob } from "./test-job.ts";

const docker = inject("docker");

describe.skipIf(!docker.available)("a Julia program in its container", () => {
  let job: TestJob;

  beforeEach(async () => {
    job = await TestJob.create(docker.images.julia);
  });

  afterEach(async () => job[Symbol.asyncDispose]());

  test("says hello, as in the manual", async () => {
    const script = await job.file("helloworld/helloworld.jl", 'println("hello, world!")\n');
    const unit = await job.start({ script });
    expect(await unit.exit()).toBe(0);
    expect(String(await job.log("master.stdout"))).toBe("hello, world!\n");
    expect(String(await job.log("master.stderr"))).toBe("");
  });

  test("runs a script that came with the submit, with its arguments, in the job's folder", async () => {
    const script = await job.placedFile("hello.jl", 'println(ARGS, pwd()); write("result", "1")');
    const unit = await job.start({ script, args: ["a", "b c"] });
    expect(await unit.exit()).toBe(0);
    expect(String(await job.log("master.stdout"))).toBe('["a", "b c"]/mnt/juliarun/job\n');
  });

  test("has the package, a depot to write to, and the system's own depots", async () => {
    const script = await job.file(
      "paths.jl",
      `using JuliaRun
       using LinearAlgebra
       write(joinpath(mkpath(first(DEPOT_PATH)), "x"), "")
       println(pathof(JuliaRun)); foreach(println, DEPOT_PATH); println(join(LOAD_PATH, ' '))`,
    );
    const unit = await job.start({ script });
    expect(await unit.exit()).toBe(0);
    const { stdout, stderr } = await unit.output();
    expect(String(stderr)).toBe("");
    const [path, ...rest] = String(stdout).trimEnd().split("\n");
    expect(path).toBe("/opt/juliarun/julia/JuliaRun/src/JuliaRun.jl");
    expect(rest.pop()).toBe("@ @v#.# @stdlib /opt/juliarun/julia");
    expect(rest.slice(1)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^\/usr\/.*share\/julia$/)]),
    );
  });

  test("uses a package bundle that is mounted read-only", async () => {
    await job.file(
      "bundle/packages-by-path/Greeting/src/Greeting.jl",
      'module Greeting; hi() = "hi"; end',
    );
    await job.file("bundle/Greeting/src/Greeting.jl", 'module Greeting; hi() = "hi"; end');
    const script = await job.file("bundle.jl", "using Greeting; println(Greeting.hi())");
    const unit = await job.start({
      script,
      env: { JRUN_PKG_BUNDLE: "/mnt/bundle" },
      docker: ["--mount", `type=bind,source=${job.path("bundle")},target=/mnt/bundle,readonly`],
    });
    expect(await unit.exit()).toBe(0);
    expect(String((await unit.output()).stdout)).toBe("hi\n");
  });

  test("discards a build of a package bundle that is stopped", async () => {
    await job.file("bundle/Old/src/Old.jl", "module Old; end");
    await job.own("bundle");
    const script = await job.file("build.jl", 'println("ready"); sleep(600)');
    const unit = await job.start({ script, env: { JRUN_BUILD_BUNDLE: "/mnt/juliarun/bundle" } });
    await unit.says("ready");
    expect(await unit.stop()).toBeLessThan(5000);
    expect(await unit.exit()).toBe(143);
    expect(await readdir(job.path("bundle/.juliarun"))).toEqual(["builds"]);
    expect(await readdir(job.path("bundle/.juliarun/builds"))).toEqual([]);
  });

  test("says so where it cannot write to the bundle that it builds", async () => {
    await job.file("bundle/Old/src/Old.jl", "module Old; end");
    const script = await job.file("build.jl", "");
    const unit = await job.start({
      script,
      env: { JRUN_BUILD_BUNDLE: "/mnt/bundle" },
      docker: ["--mount", `type=bind,source=${job.path("bundle")},target=/mnt/bundle,readonly`],
    });
    expect(await unit.exit()).toBe(73);
    expect(String(await job.log("master.stderr"))).toMatch(/cannot write to the package bundle/);
  });

  test("ends with 1 after an error, which stderr tells", async () => {
    const script = await job.file("error.jl", 'println("before"); error("this went wrong")');
    const unit = await job.start({ script });
    expect(await unit.exit()).toBe(1);
    expect(String(await job.log("master.stderr"))).toContain("this went wrong");
    expect(String(await job.log("master.stdout"))).toBe("before\n");
  });

  test.each([
    ["asleep", "sleep(600)"],
    ["computing", "while true; end"],
  ])("stops as fast as Julia does, %s", async (_, code) => {
    const script = await job.file("long.jl", `println("ready"); ${code}`);
    const unit = await job.start({ script });
    await unit.says("ready");
    expect(await unit.stop()).toBeLessThan(5000);
    expect(await unit.exit()).toBe(143);
  });

  test("is interrupted by SIGINT", async () => {
    const script = await job.file(
      "interrupt.jl",
      `ccall(:jl_exit_on_sigint, Cvoid, (Cint,), 0)
       println("ready")
       try; sleep(600); catch err; println(typeof(err)); exit(5); end`,
    );
    const unit = await job.start({ script });
    await unit.says("ready");
    await unit.signal("INT");
    expect(await unit.exit()).toBe(5);
    expect(String((await unit.output()).stdout)).toBe("ready\nInterruptException\n");
  });

  test("ends with 137 when it is killed", async () => {
    const script = await job.file("killed.jl", "ccall(:kill, Cint, (Cint, Cint), getpid(), 9)");
    const unit = await job.start({ script });
    expect(await unit.exit()).toBe(137);
  });

  test("may start workers of its own, which end with it", async () => {
    const script = await job.file(
      "local.jl",
      "using Distributed; addprocs(1); println(pmap(x -> x + 1, 1:3), nworkers())",
    );
    const unit = await job.start({ script });
    expect(await unit.exit()).toBe(0);
    expect(String(await job.log("master.stdout"))).toBe("[2, 3, 4]1\n");
  });
});
