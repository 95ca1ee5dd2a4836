import { mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { ContainerEvents } from "../jrun/container-events.ts";
import {
  build,
  buildLine,
  bundleVolumes,
  loosePackage,
  PKG_PACKAGE,
  use,
} from "../jrun/packages.ts";
import { Workspace } from "../jrun/workspace.ts";

const BUNDLE = ["--pkg-bundle", "pkgs"];
/** What Julia says where it does not simply load a precompiled file. */
const COMPILED = /Precompiling|Recompiling|Rejecting/;
const USE_LOOSE = "using Loose; println(Loose.version())";

async function workspaceWithBundle(): Promise<Workspace> {
  const hostpath = [{ name: "juliarun", path: "juliarun" }, ...bundleVolumes("pkgs")];
  const workspace = await Workspace.create({
    config: { storage: { hostpath }, packages: ["pkgs"] },
  });
  await mkdir(join(workspace.folder, "pkgs"));
  return workspace;
}

describe.skipIf(!inject("docker").available)("a package bundle", () => {
  test("is built, and used by plain `using` without compiling anything", async () => {
    await using workspace = await workspaceWithBundle();
    await build(workspace, "build", loosePackage("Loose", 1) + PKG_PACKAGE);
    const files = await compiledFiles(workspace);
    expect(files).toHaveLength(2);
    const { stdout, stderr } = await use(
      workspace,
      "use",
      `using Greeting, Loose
       println(Greeting.hi(), Loose.version(), pathof(Greeting))
       println(isdir(joinpath(first(DEPOT_PATH), "compiled")))
       try touch("/mnt/pkgs/x") catch; println("read-only") end`,
      ...BUNDLE,
    );
    expect(stdout).toMatch(/^hi1\/mnt\/pkgs\/.*\/Greeting\.jl\nfalse\nread-only\n$/);
    expect(stderr).not.toMatch(COMPILED);
    expect(await compiledFiles(workspace)).toEqual(files);
  });

  test("that is built anew keeps what it had, unless the build is a fresh one", async () => {
    await using workspace = await workspaceWithBundle();
    await build(workspace, "first", loosePackage("Loose", 1) + PKG_PACKAGE);
    await build(workspace, "second", loosePackage("Other", 2));
    const all = await use(
      workspace,
      "use",
      "using Greeting, Loose, Other; println(Greeting.hi(), Loose.version(), Other.version())",
      ...BUNDLE,
    );
    expect(all.stdout).toBe("hi12\n");
    expect(all.stderr).not.toMatch(COMPILED);
    const line = await buildLine(workspace, "third", loosePackage("Other", 3), "--fresh", "--wait");
    await workspace.jrun(...line);
    const { stdout } = await use(
      workspace,
      "use-again",
      'println(Base.identify_package("Loose"), Base.identify_package("Greeting")); using Other; println(Other.version())',
      ...BUNDLE,
    );
    expect(stdout).toBe("nothingnothing\n3\n");
  });

  test("stays usable when a build of it fails, or is killed", async () => {
    await using workspace = await workspaceWithBundle();
    await build(workspace, "build", loosePackage("Loose", 1));
    const broken = `${loosePackage("Loose", 2)}error("does not build")`;
    const failing = await buildLine(workspace, "failing", broken, "--restart", "never", "--wait");
    expect(await workspace.run(...failing)).toMatchObject({ exitCode: 1 });
    const said = await workspace.readFile("failing/log/master.stderr");
    expect(said).toContain("does not build");
    expect(said).toContain("the bundle stays as it was");
    expect(await use(workspace, "after-failure", USE_LOOSE, ...BUNDLE)).toMatchObject({
      stdout: "1\n",
    });

    using events = await ContainerEvents.follow(workspace.docker, workspace.namespace);
    const endless = `${loosePackage("Loose", 3)}println("under way"); sleep(600)`;
    const killed = await buildLine(workspace, "killed", endless, "--restart", "never");
    await workspace.jrun(...killed);
    await workspace.start("logs", "killed", "--follow").until("under way");
    await (await workspace.container("killed")).kill({ signal: "SIGKILL" });
    await events.until("die", 1, "killed");
    const afterwards = await use(workspace, "after-kill", USE_LOOSE, ...BUNDLE);
    expect(afterwards.stdout).toBe("1\n");
    expect(afterwards.stderr).not.toMatch(COMPILED);
    // The dead build's lock does not last, nor does what it left behind.
    await build(workspace, "next", loosePackage("Other", 4));
    const both = "using Loose, Other; println(Loose.version(), Other.version())";
    expect(await use(workspace, "after-all", both, ...BUNDLE)).toMatchObject({ stdout: "14\n" });
    expect(await readdir(join(workspace.folder, "pkgs/.juliarun/builds"))).toHaveLength(2);
  });

  test("gets both of two builds at once, and a job that runs goes on with what it began with", async () => {
    await using workspace = await workspaceWithBundle();
    await Promise.all([
      build(workspace, "one", loosePackage("Loose", 1) + loosePackage("One", 1)),
      build(workspace, "two", loosePackage("Two", 2)),
    ]);
    const load = "using Loose, One, Two; println(Loose.version(), One.version(), Two.version())";
    const script = await workspace.file(
      "long.jl",
      `println("ready"); flush(stdout)
       while !isfile("/mnt/juliarun/go"); sleep(0.1); end
       ${load}`,
    );
    const sizes = ["--cpu", "100m", "--memory", "512Mi"];
    await workspace.jrun("submit", "JuliaBatch", "long", script, "juliarun", ...BUNDLE, ...sizes);
    await workspace.start("logs", "long", "--follow").until("ready");
    await build(workspace, "later", loosePackage("Loose", 2));
    await workspace.file("go", "");
    await workspace.jrun("wait", "long");
    expect(await workspace.readFile("long/log/master.stdout")).toBe("ready\n112\n");
    expect(await use(workspace, "use", load, ...BUNDLE)).toMatchObject({ stdout: "212\n" });
  });

  test("that cannot be built is refused before anything is made", async () => {
    await using workspace = await workspaceWithBundle();
    const refused = async (name: string, ...args: string[]): Promise<string> => {
      const { exitCode, stderr } = await workspace.run("submit", "PkgBuilder", name, ...args);
      expect(exitCode).toBeGreaterThan(1);
      return stderr;
    };
    const required = ["/b.jl", "juliarun", "pkg"];
    expect(await refused("unknown", ...required)).toContain("did you mean pkgs?");
    expect(await refused("no-bundle", "/b.jl", "juliarun")).toContain("--pkg-bundle");
    expect(
      await refused("twice", "/b.jl", "juliarun", "pkgs", "--additional-volumes", "pkgs"),
    ).toContain("leave that out");
    for (const [twin, message] of [
      [[], "packages[0] needs a writable volume pkgsrw"],
      [
        [{ name: "pkgsrw", path: "pkgs", readonly: true }],
        "needs the volume pkgsrw to be writable",
      ],
    ] as const) {
      await using other = await Workspace.create({
        config: {
          packages: ["pkgs"],
          storage: {
            hostpath: [
              { name: "juliarun", path: "juliarun" },
              { name: "pkgs", path: "pkgs", readonly: true },
              ...twin,
            ],
          },
        },
      });
      const result = await other.run("submit", "PkgBuilder", "x", "/b.jl", "juliarun", "pkgs");
      expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(message) });
    }
    await using missing = await Workspace.create({
      config: {
        packages: ["pkgs"],
        storage: { hostpath: [{ name: "juliarun", path: "juliarun" }, ...bundleVolumes("none")] },
      },
    });
    const line = ["submit", "PkgBuilder", "x", "/b.jl", "juliarun", "pkgs"];
    expect(await missing.run(...line, "--cpu", "1", "--memory", "1Gi")).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining("of volume pkgsrw does not exist"),
    });
    for (const each of [workspace, missing]) expect(await each.containers()).toEqual([]);
  });
});

/** Precompiled files of the bundle with the times at which they were written. */
async function compiledFiles({ folder }: Workspace): Promise<(readonly [string, number])[]> {
  const bundle = join(folder, "pkgs");
  const names = await readdir(bundle, { recursive: true });
  const files = names.filter((name) => name.endsWith(".ji")).toSorted();
  return Promise.all(
    files.map(async (name) => [name, (await stat(join(bundle, name))).mtimeMs] as const),
  );
}
