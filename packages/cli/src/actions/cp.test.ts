import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryCli } from "../testing/memory-cli.ts";

describe("jrun cp", () => {
  let cli: MemoryCli;

  beforeEach(async () => {
    cli = await MemoryCli.inFolder();
    await writeFile(join(cli.folder, "file"), "");
  });

  afterEach(async () => cli[Symbol.asyncDispose]());

  it.each([
    [["a", "b"], 2, "Neither the source nor the destination is on a volume."],
    [["juliarun:/a", "juliarun:/b"], 2, "Both the source and the destination are on a volume."],
    [["juliarun:/a", "-", "-o", "json"], 2, "would be written to -"],
    [["missing", "juliarun:/a"], 3, "There is no "],
    [["file", "jularun:/a"], 3, "Did you mean juliarun?"],
    [["file", "juliarun:/a"], 7, "cannot copy files to or from volume juliarun"],
  ] as const)("refuses %j", async (args, exitCode, words) => {
    const result = await cli.run("cp", ...args);
    expect(result).toMatchObject({ exitCode, stderr: expect.stringContaining(words) });
  });

  it("completes the names of volumes", async () => {
    const storage = { hostpath: [{ name: "results", path: "/data" }] };
    await writeFile(join(cli.folder, "config.json"), JSON.stringify({ storage }));
    // The completion library writes there by itself.
    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    expect((await cli.run("complete", "--", "cp", "")).exitCode).toBe(0);
    expect(log.mock.calls.flat().join("\n")).toMatch(/^results:/m);
    log.mockRestore();
  });
});
