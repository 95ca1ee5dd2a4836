import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  build,
  buildLine,
  bundleVolumes,
  loosePackage,
  makeProject,
  PKG_PACKAGE,
  preparedProjects,
  use,
} from "../jrun/packages.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

const BUNDLE = ["--pkg-bundle", "pkgs"];
const COMPILED = /Precompiling|Recompiling|Rejecting/;
/** As when memory runs out: neither the build nor the wrapper's part beside it can tidy up. */
const KILL_BUILD = "ccall(:kill, Cint, (Cint, Cint), 0, 9)";

async function workspaceWithBundle(): Promise<KubeWorkspace> {
  const workspace = await KubeWorkspace.create({
    config: { packages: ["pkgs"] },
    bundle: bundleVolumes,
  });
  await mkdir(join(workspace.volume, "pkgs"));
  return workspace;
}

describe.skipIf(whyNoKubernetes() !== undefined)("packages on Kubernetes", () => {
  test("a bundle is built, and used without compiling", async () => {
    await using workspace = await workspaceWithBundle();
    await build(workspace, "build", loosePackage("Loose", 1) + PKG_PACKAGE);
    const script = `using Greeting, Loose; println(Greeting.hi(), Loose.version())
      try touch("/mnt/pkgs/x") catch; println("read-only") end`;
    const { stdout, stderr } = await use(workspace, "use", script, ...BUNDLE);
    expect(stdout).toBe("hi1\nread-only\n");
    expect(stderr).not.toMatch(COMPILED);
  });

  test("a bundle stays usable when a build of it fails, or is killed", async () => {
    await using workspace = await workspaceWithBundle();
    await build(workspace, "build", loosePackage("Loose", 1));
    const endings = { failing: 'error("does not build")', killed: KILL_BUILD };
    for (const [name, ending] of Object.entries(endings)) {
      const script = loosePackage("Loose", 2) + ending;
      const line = await buildLine(workspace, name, script, "--restart", "never", "--wait");
      expect(await workspace.run(...line)).toMatchObject({ exitCode: 1 });
    }
    expect(await workspace.job("killed")).toMatchObject({ status: { exitCode: 137 } });
    const load = "using Loose; println(Loose.version())";
    const afterwards = await use(workspace, "use", load, ...BUNDLE);
    expect(afterwards.stdout).toBe("1\n");
    expect(afterwards.stderr).not.toMatch(COMPILED);
    await build(workspace, "next", loosePackage("Loose", 3));
    expect(await use(workspace, "use-next", load, ...BUNDLE)).toMatchObject({ stdout: "3\n" });
  });

  test("a project is prepared once for two jobs at once", async () => {
    await using workspace = await workspaceWithBundle();
    const project = ["--project", await makeProject(workspace, "fit")];
    const greet = "using Greeting; println(Greeting.hi())";
    const both = await Promise.all([
      use(workspace, "one", greet, ...project),
      use(workspace, "two", greet, ...project),
    ]);
    expect(both.map(({ stdout }) => stdout)).toEqual(["hi\n", "hi\n"]);
    const prepared = both.filter(({ stderr }) => stderr.includes("it has to be done once"));
    expect(prepared).toHaveLength(1);
    expect(await preparedProjects(workspace)).toHaveLength(1);
  });
});
