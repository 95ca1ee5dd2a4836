import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findConfig } from "./find-config.ts";

describe("findConfig", () => {
  let cwd: string;
  beforeEach(async () => (cwd = await mkdtemp(join(tmpdir(), "jrun-unit-"))));
  afterEach(async () => rm(cwd, { recursive: true }));

  const namespaceOf = async (options: Partial<Parameters<typeof findConfig>[0]>): Promise<string> =>
    (await findConfig({ env: {}, cwd, ...options })).config.compute.namespace;
  const write = async (name: string, namespace: string): Promise<void> =>
    writeFile(join(cwd, name), JSON.stringify({ compute: { namespace } }));

  it("prefers what is given, then JRUN_CONFIG, then config.json, then the default", async () => {
    expect(await findConfig({ env: {}, cwd })).toMatchObject({
      baseDir: cwd,
      config: { clustertype: "Docker" },
    });
    await write("config.json", "from-folder");
    expect(await namespaceOf({})).toBe("from-folder");
    await write("other.json", "from-variable");
    const env = { JRUN_CONFIG: "other.json" };
    expect(await namespaceOf({ env })).toBe("from-variable");
    await write("given.json", "given");
    expect(await namespaceOf({ env, config: "given.json" })).toBe("given");
    expect(await namespaceOf({ env, config: { compute: { namespace: "object" } } })).toBe("object");
    expect(await namespaceOf({ env: { JRUN_CONFIG: "" } })).toBe("from-folder");
  });

  it("says which named file is missing, and takes its folder for relative paths", async () => {
    await expect(findConfig({ env: { JRUN_CONFIG: "none.json" }, cwd })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: `The configuration file ${join(cwd, "none.json")} does not exist.`,
    });
    await write("config.json", "x");
    const file = join(cwd, "config.json");
    expect(await findConfig({ env: {}, cwd: "/", config: file })).toMatchObject({
      file,
      baseDir: cwd,
    });
  });

  it("lists what is wrong, with the file's name", async () => {
    await writeFile(join(cwd, "config.json"), '{ "clustertyp": 1 }');
    await expect(findConfig({ env: {}, cwd })).rejects.toThrow(
      /^The configuration has a problem:\nconfig\.json:1:3: clustertyp/,
    );
  });
});
