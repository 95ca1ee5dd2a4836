import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  build,
  bundleVolumes,
  loosePackage,
  makeProject,
  PKG_PACKAGE,
  use,
} from "../jrun/packages.ts";
import { KubeWorkspace, whyNoKubernetes } from "./workspace.ts";

describe.skipIf(whyNoKubernetes() !== undefined)("packages on Kubernetes", () => {
  test("a bundle is built, and used without compiling; a job's project is prepared", async () => {
    await using workspace = await KubeWorkspace.create({
      config: { packages: ["pkgs"] },
      bundle: bundleVolumes,
    });
    await mkdir(join(workspace.volume, "pkgs"));
    await build(workspace, "build", loosePackage("Loose", 1) + PKG_PACKAGE);
    const script = "using Greeting, Loose; println(Greeting.hi(), Loose.version())";
    const { stdout, stderr } = await use(workspace, "use", script, "--pkg-bundle", "pkgs");
    expect(stdout).toBe("hi1\n");
    expect(stderr).not.toMatch(/Precompiling|Recompiling|Rejecting/);

    const project = await makeProject(workspace, "fit");
    const greet = "using Greeting; println(Greeting.hi())";
    const fitted = await use(workspace, "fit", greet, "--project", project);
    expect(fitted.stdout).toBe("hi\n");
  });
});
