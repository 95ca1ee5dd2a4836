import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { MemoryCli } from "../testing/memory-cli.ts";

const storage = {
  hostpath: [{ name: "juliarun", path: "/data" }],
  nfs: [{ name: "shared", server: "10.0.0.1", path: "/exports" }],
};

describe("jrun storage apply", () => {
  let cli: MemoryCli;
  const configure = async (clustertype: string): Promise<void> =>
    writeFile(join(cli.folder, "config.json"), JSON.stringify({ clustertype, storage }));

  beforeEach(async () => {
    cli = await MemoryCli.inFolder();
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  it("shows what it would make, without asking the cluster", async () => {
    await configure("Kubernetes");
    const { stdout, exitCode } = await cli.run("storage", "apply", "--dry-run", "-n", "team");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^PersistentVolume +juliarun\.team\.shared +would be made$/m);
    expect(stdout).toMatch(/^PersistentVolumeClaim +juliarun-shared +would be made$/m);
    const yaml = await cli.run("storage", "apply", "shared", "--dry-run", "-o", "yaml");
    const kinds = parseAllDocuments(yaml.stdout).map((document) => document.get("kind"));
    expect(kinds).toEqual(["PersistentVolume", "PersistentVolumeClaim"]);
    const json = await cli.run("storage", "apply", "--dry-run", "-o", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: "List", items: [{}, {}] });
  });

  it("says what it is not for", async () => {
    await configure("Docker");
    expect(await cli.run("storage", "apply")).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining("`jrun storage apply` is for Kubernetes."),
    });
    await configure("Kubernetes");
    expect(await cli.run("storage", "apply", "shard", "--dry-run")).toMatchObject({
      stderr: expect.stringContaining("There is no volume shard in the configuration."),
    });
  });
});
