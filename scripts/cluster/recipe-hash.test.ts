import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { folderHash, hashOf } from "./recipe-hash.ts";

test("hashOf depends on the parts, their order and their borders", () => {
  expect(hashOf(["ab", "c"])).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set([["ab", "c"], ["a", "bc"], ["c", "ab"], ["abc"]].map(hashOf)).size).toBe(4);
});

test("folderHash depends on names and contents, not on where the folder is", async () => {
  const parent = await mkdtemp(join(tmpdir(), "juliarun-hash-"));
  onTestFinished(() => rm(parent, { recursive: true }));
  const folder = async (name: string, file: string, content: string) => {
    const path = join(parent, name);
    await mkdir(join(path, "inner"), { recursive: true });
    await writeFile(join(path, "inner", file), content);
    return folderHash(path);
  };
  const hash = await folder("a", "file", "content");
  expect(await folder("b", "file", "content")).toBe(hash);
  expect(await folder("c", "other", "content")).not.toBe(hash);
  expect(await folder("d", "file", "other")).not.toBe(hash);
});
