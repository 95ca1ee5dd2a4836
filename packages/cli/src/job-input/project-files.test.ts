import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readProject } from "./project-files.ts";

describe("readProject", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "jrun-project-"));
    await mkdir(join(folder, "p"));
    await writeFile(join(folder, "p/Project.toml"), "[deps]\n");
  });

  afterEach(async () => rm(folder, { recursive: true }));

  it("takes a project without a manifest, by its folder or its file", async () => {
    const files = [{ name: "Project.toml", contentBase64: btoa("[deps]\n") }];
    expect(await readProject("p", folder)).toEqual(files);
    expect(await readProject("p/Project.toml", folder)).toEqual(files);
  });

  it("takes the manifest along, and nothing else", async () => {
    await writeFile(join(folder, "p/Manifest.toml"), "x");
    await writeFile(join(folder, "p/data.csv"), "x");
    const files = await readProject(join(folder, "p"), "/");
    expect(files.map(({ name }) => name)).toEqual(["Project.toml", "Manifest.toml"]);
  });

  it.each(["nowhere", ".", "p/Project.toml/x"])("refuses %s, which is no project", async (path) => {
    await expect(readProject(path, folder)).rejects.toMatchObject({
      code: "SPEC_INVALID",
      message: `The project ${path} has no Project.toml.`,
    });
  });
});
