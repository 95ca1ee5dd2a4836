import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import {
  helloParallel,
  helloWorldByCommand,
  helloWorldFromTypeScript,
} from "../jrun/hello-world.ts";
import { Workspace } from "../jrun/workspace.ts";

describe.skipIf(!inject("docker").available)("the manual's first chapters", () => {
  test.for([
    ["Hello, World, by command line", helloWorldByCommand],
    ["Hello, World, from TypeScript", helloWorldFromTypeScript],
    ["Hello, World in Parallel", helloParallel],
  ] as const)("%s", async ([, chapter]) => {
    expect.hasAssertions();
    await using workspace = await Workspace.create();
    await chapter(workspace);
  });

  test("jrun init writes what they need", async () => {
    await using workspace = await Workspace.create();
    const { julia } = inject("docker").images;
    await workspace.jrun("init", "fresh", "--image", julia);
    const config = join(workspace.folder, "fresh/config.json");
    expect(await readFile(config, "utf8")).toContain(julia);
    expect(await workspace.jrun("doctor", "--config", config)).not.toMatch(/^(warn|fail)/m);
  });

  test("jrun init chooses an image that the engine has", async () => {
    await using workspace = await Workspace.create();
    await workspace.jrun("init", "fresh");
    const config = join(workspace.folder, "fresh/config.json");
    expect(await workspace.jrun("doctor", "--config", config)).toMatch(/^ok +image julia/m);
  });
});
