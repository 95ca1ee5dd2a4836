import {
  chmod,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyToVolume } from "./copy-to-volume.ts";
import { LocalShell } from "./fixtures/local-shell.ts";

let shell: LocalShell;
const here = (...parts: string[]): string => join(shell.folder, ...parts);
const there = (...parts: string[]): string => join(shell.volume, ...parts);
const copy = async (from: string | Readable, to: string, signal?: AbortSignal) =>
  copyToVolume(shell.context(), from, to, { cwd: shell.folder, ...(signal ? { signal } : {}) });

beforeEach(async () => {
  shell = await LocalShell.make();
  await mkdir(here("tree/deep"), { recursive: true });
  await writeFile(here("tree/a.txt"), "one");
  await writeFile(here("tree/deep/empty"), "");
  await symlink("../a.txt", here("tree/deep/link"));
  await chmod(here("tree/a.txt"), 0o640);
  await utimes(here("tree/a.txt"), 1_000_000_000, 1_000_000_000);
  await chmod(here("tree/deep"), 0o555);
  await utimes(here("tree/deep"), 1_100_000_000, 1_100_000_000);
});

afterEach(async () => {
  await chmod(here("tree/deep"), 0o755);
  const staged = (await readdir(there())).filter((name) => name.startsWith(".jrun-cp"));
  if (staged.length > 0) throw new Error(`left behind: ${staged.join()}`);
  await shell[Symbol.asyncDispose]();
});

describe("copyToVolume", () => {
  it("copies a folder with modes, times and links", async () => {
    const summary = await copy("tree", "data:/new/place");
    expect(summary).toEqual({
      files: 2,
      folders: 2,
      links: 1,
      bytes: 3,
      target: "data:/new/place",
      skipped: [],
    });
    expect(await readFile(there("new/place/a.txt"), "utf8")).toBe("one");
    expect(await readFile(there("new/place/deep/empty"), "utf8")).toBe("");
    expect(await readlink(there("new/place/deep/link"))).toBe("../a.txt");
    const file = await stat(there("new/place/a.txt"));
    expect([file.mode & 0o777, file.mtimeMs]).toEqual([0o640, 1_000_000_000_000]);
    const folder = await stat(there("new/place/deep"));
    expect([folder.mode & 0o777, folder.mtimeMs]).toEqual([0o555, 1_100_000_000_000]);
    expect(shell.closed).toBe(1);
  });

  it("goes into a folder that exists, and merges with what is there", async () => {
    await mkdir(there("place/tree"), { recursive: true });
    await writeFile(there("place/tree/a.txt"), "old");
    await writeFile(there("place/tree/other"), "stays");
    expect((await copy("tree", "data:place")).target).toBe("data:/place/tree");
    expect((await readdir(there("place/tree"))).toSorted()).toEqual(["a.txt", "deep", "other"]);
    expect(await readFile(there("place/tree/a.txt"), "utf8")).toBe("one");
    await copy("tree/a.txt", "data:place/");
    expect(await readFile(there("place/a.txt"), "utf8")).toBe("one");
    await copy("tree/.", "data:");
    expect(await readFile(there("a.txt"), "utf8")).toBe("one");
  });

  it("copies a stream to a file", async () => {
    const stream = Readable.from([Buffer.from("to"), Buffer.from("gether")]);
    expect(await copy(stream, "data:/in/file.txt")).toMatchObject({ files: 1, bytes: 8 });
    expect(await readFile(there("in/file.txt"), "utf8")).toBe("together");
    await expect(copy(Readable.from([Buffer.from("x")]), "data:/in")).rejects.toMatchObject({
      code: "SPEC_INVALID",
    });
  });

  it("keeps any name", async () => {
    const names = ["-rf", "a b", "two\nlines", "it's", '"$(id)`id`"', "\\", "ünï", "x".repeat(200)];
    await mkdir(here("names"));
    for (const name of names) await writeFile(here("names", name), name);
    const raw = Buffer.concat([Buffer.from(`${here("names")}/`), Buffer.of(0x66, 0xff, 0xfe)]);
    await writeFile(raw, "bytes");
    await copy("names", "data:/names");
    for (const name of names) expect(await readFile(there("names", name), "utf8")).toBe(name);
    const found = await readdir(there("names"), { encoding: "buffer" });
    expect(found.map(String)).toHaveLength(names.length + 1);
    expect(found.some((name) => name.equals(Buffer.of(0x66, 0xff, 0xfe)))).toBe(true);
  });

  it("leaves out links that lead out of the folder", async () => {
    await symlink("/etc/passwd", here("tree/absolute"));
    await symlink("../../x", here("tree/up"));
    expect((await copy("tree", "data:/t")).skipped).toEqual(["absolute", "up"]);
  });

  it("refuses what cannot be, before anything is written", async () => {
    await mkdir(there("taken/tree/a.txt"), { recursive: true });
    await writeFile(there("file"), "");
    await symlink("/tmp", there("out"));
    await symlink("taken", there("in"));
    for (const [from, to, code] of [
      ["missing", "data:/x", "FILE_NOT_FOUND"],
      ["tree", "data:/taken", "SPEC_INVALID"],
      ["tree", "data:/file", "SPEC_INVALID"],
      ["tree", "data:/file/deeper", "SPEC_INVALID"],
      ["tree/a.txt", "data:/out/x", "SPEC_INVALID"],
      ["tree", "fixed:/x", "SPEC_INVALID"],
      ["tree", "bundle:/x", "SPEC_INVALID"],
      ["tree", "scratch:/x", "SPEC_INVALID"],
      ["tree", "nothing:/x", "VOLUME_NOT_FOUND"],
      ["tree", "data:/../x", "SPEC_INVALID"],
      ["/dev/null", "data:/x", "SPEC_INVALID"],
    ] as const) {
      await expect(copy(from, to)).rejects.toMatchObject({ code });
    }
    expect((await readdir(there())).toSorted()).toEqual(["file", "in", "out", "taken"]);
    // A link to another folder of the volume may be the destination.
    expect((await copy("tree/a.txt", "data:/in/")).target).toBe("data:/in/a.txt");
    expect(await readFile(there("taken/a.txt"), "utf8")).toBe("one");
  });

  it("changes nothing when the source fails in the middle", async () => {
    const stream = Readable.from(
      (async function* () {
        yield Buffer.from("half");
        throw new Error("the pipe broke");
      })(),
    );
    await expect(copy(stream, "data:/half")).rejects.toThrow("the pipe broke");
    expect(await readdir(there())).toEqual([]);
  });
});
