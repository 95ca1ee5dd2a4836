import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MemoryCli } from "../testing/memory-cli.ts";

describe("jrun init and config", () => {
  let cli: MemoryCli;

  beforeEach(async () => {
    cli = await MemoryCli.inFolder();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  it("writes a configuration that is valid, and overwrites none", async () => {
    expect(await cli.run("init")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("wrote config.json"),
    });
    expect(await cli.run("config", "validate")).toMatchObject({ exitCode: 0 });
    await writeFile(join(cli.folder, "config.json"), "{}");
    expect(await cli.run("init")).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining("--force"),
    });
    expect(await cli.run("init", "--force", "--image", "julia:1.10")).toMatchObject({
      exitCode: 0,
    });
    expect(await readFile(join(cli.folder, "config.json"), "utf8")).toContain("julia:1.10");
  });

  it("writes one for Kubernetes that differs in one word", async () => {
    // By default it depends on the images of the engine here.
    await cli.run("init", "--image", "julia:1");
    const docker = await readFile(join(cli.folder, "config.json"), "utf8");
    await cli.run("init", "--force", "--clustertype", "Kubernetes");
    const kubernetes = await readFile(join(cli.folder, "config.json"), "utf8");
    expect(kubernetes).toBe(
      docker.replace('"clustertype": "Docker"', '"clustertype": "Kubernetes"'),
    );
    expect(await cli.run("config", "validate")).toMatchObject({ exitCode: 0 });
  });

  it("lists every problem of a configuration, with lines", async () => {
    await writeFile(
      join(cli.folder, "config.json"),
      '{\n  "clustertyp": "Docker",\n  "images": 4\n}',
    );
    const { exitCode, stderr } = await cli.run("config", "validate");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/config\.json:2:\d+: clustertyp .*did you mean clustertype\?/);
    expect(stderr).toMatch(/config\.json:3:\d+: images /);
    expect(await cli.run("config", "validate", "none.json")).toMatchObject({ exitCode: 2 });
  });

  it("shows the configuration in use, and its schema", async () => {
    expect(JSON.parse((await cli.run("config", "show")).stdout)).toMatchObject({
      clustertype: "Docker",
    });
    expect(JSON.parse((await cli.run("config", "schema")).stdout)).toMatchObject({
      title: "JuliaRun configuration",
    });
  });
});
