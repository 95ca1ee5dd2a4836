import {
  chmod,
  link,
  lstat,
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
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { pack, type Header } from "tar-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyFromVolume } from "./copy-from-volume.ts";
import { LocalShell } from "./fixtures/local-shell.ts";

let shell: LocalShell;
const here = (...parts: string[]): string => join(shell.folder, "here", ...parts);
const there = (...parts: string[]): string => join(shell.volume, ...parts);
const copy = async (from: string, to: string | PassThrough) =>
  copyFromVolume(shell.context(), from, to, { cwd: here() });

async function archiveOf(
  entries: readonly (Partial<Header> & { name: string })[],
): Promise<Buffer> {
  const archive = pack();
  for (const entry of entries)
    archive.entry(entry, entry.type === undefined || entry.type === "file" ? "evil" : "");
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

beforeEach(async () => {
  shell = await LocalShell.make();
  await mkdir(here());
  await mkdir(there("log/deep"), { recursive: true });
  await writeFile(there("log/out"), "line\n");
  await link(there("log/out"), there("log/same"));
  await symlink("../out", there("log/deep/link"));
  await chmod(there("log/out"), 0o600);
  await utimes(there("log/out"), 1_000_000_000, 1_000_000_000);
  await utimes(there("log/deep"), 1_100_000_000, 1_100_000_000);
});

afterEach(async () => {
  const left = await readdir(shell.folder, { recursive: true });
  const staged = left.filter((name) => name.includes(".jrun-cp"));
  if (staged.length > 0) throw new Error(`left behind: ${staged.join()}`);
  await shell[Symbol.asyncDispose]();
});

describe("copyFromVolume", () => {
  it("copies a folder with modes, times and links", async () => {
    expect(await copy("data:/log", "log")).toMatchObject({
      files: 2,
      folders: 2,
      links: 1,
      bytes: 5,
    });
    expect(await readFile(here("log/out"), "utf8")).toBe("line\n");
    expect(await readFile(here("log/same"), "utf8")).toBe("line\n");
    expect(await readlink(here("log/deep/link"))).toBe("../out");
    const file = await stat(here("log/out"));
    expect([file.mode & 0o777, file.mtimeMs]).toEqual([0o600, 1_000_000_000_000]);
    expect((await stat(here("log/deep"))).mtimeMs).toBe(1_100_000_000_000);
    // Again, into the folder that is there now; and its content onto itself.
    expect((await copy("data:/log", "log")).target).toBe(here("log/log"));
    expect((await copy("data:/log/.", "log")).target).toBe(here("log"));
    expect((await copy("data:", "whole")).target).toBe(here("whole"));
    expect(await readFile(here("whole/log/out"), "utf8")).toBe("line\n");
  });

  it("copies a file, to a folder, a new name and a stream", async () => {
    await copy("data:log/out", ".");
    await copy("data:log/out", "new/name");
    await copy("data:log/deep/link", "new/");
    expect(await readFile(here("out"), "utf8")).toBe("line\n");
    expect(await readFile(here("new/name"), "utf8")).toBe("line\n");
    expect(await readFile(here("new/link"), "utf8")).toBe("line\n");
    const stream = new PassThrough();
    expect(await copy("data:log/out", stream)).toMatchObject({ target: "-", files: 1 });
    expect(await text(stream.end())).toBe("line\n");
    await expect(copy("data:log", new PassThrough())).rejects.toThrow("only a file");
  });

  it("keeps any name", async () => {
    const names = ["-rf", "a b", "two\nlines", "it's", "ünï", "x".repeat(200)];
    await mkdir(there("names"));
    for (const name of names) await writeFile(there("names", name), name);
    const raw = Buffer.of(0x66, 0xff, 0xfe);
    await writeFile(Buffer.concat([Buffer.from(`${there("names")}/`), raw]), "bytes");
    await copy("data:/names", "names");
    for (const name of names) expect(await readFile(here("names", name), "utf8")).toBe(name);
    const found = await readdir(here("names"), { encoding: "buffer" });
    expect(found.some((name) => raw.equals(name))).toBe(true);
    for (const name of ["two\nlines", "-rf"]) await copy(`data:/names/${name}`, "one/");
    expect((await readdir(here("one"))).toSorted()).toEqual(["-rf", "two\nlines"]);
  });

  it("refuses what is not there", async () => {
    await symlink("/etc", there("out"));
    await symlink("/etc/passwd", there("secret"));
    await mkdir(here("taken"));
    for (const [from, to, code] of [
      ["data:/missing", "x", "FILE_NOT_FOUND"],
      ["data:/log/out/", "x", "SPEC_INVALID"],
      ["data:/log/out/deeper", "x", "SPEC_INVALID"],
      ["data:/out/passwd", "x", "SPEC_INVALID"],
      ["data:/secret", "x", "SPEC_INVALID"],
      ["other:/x", "x", "VOLUME_NOT_FOUND"],
    ] as const)
      await expect(copy(from, to)).rejects.toMatchObject({ code });
    expect(await readdir(here())).toEqual(["taken"]);
  });

  it.each([
    ["..", [{ name: "../evil" }]],
    ["an absolute name", [{ name: "/tmp/jrun-evil" }]],
    ["a way up in between", [{ name: "a/../../evil" }]],
    ["a hard link to elsewhere", [{ name: "x", type: "link" as const, linkname: "../../secret" }]],
    [
      "a hard link to what did not come",
      [{ name: "x", type: "link" as const, linkname: "secret" }],
    ],
  ])("stops at an archive with %s", async (_what, entries) => {
    await writeFile(join(shell.folder, "secret"), "");
    await shell.send(await archiveOf(entries));
    await expect(copy("data:/log", "log")).rejects.toMatchObject({ code: "SPEC_INVALID" });
    expect(await readdir(shell.folder)).toEqual(expect.not.arrayContaining(["evil"]));
    await expect(lstat("/tmp/jrun-evil")).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("writes through no link, and makes none that leads out", async () => {
    await shell.send(
      await archiveOf([
        { name: "out", type: "symlink", linkname: "../.." },
        { name: "absolute", type: "symlink", linkname: "/tmp" },
        { name: "sub", type: "directory" },
        { name: "sub/in", type: "symlink", linkname: "../sub" },
        { name: "sub/sly", type: "symlink", linkname: "in/../../.." },
        { name: "null", type: "character-device", devmajor: 1, devminor: 3 },
        { name: "pipe", type: "fifo" },
      ]),
    );
    const { skipped } = await copy("data:/log", "log");
    expect(skipped.toSorted()).toEqual(["absolute", "null", "out", "pipe", "sub/sly"]);
    expect(await readdir(here("log/sub"))).toEqual(["in"]);
    await shell.send(await archiveOf([{ name: "sub/in/evil" }]));
    await expect(copy("data:/log/.", "log")).rejects.toThrow("symbolic link");
    await shell.send(
      await archiveOf([{ name: "l", type: "symlink", linkname: "sub" }, { name: "l/evil" }]),
    );
    await expect(copy("data:/log/.", "log")).rejects.toThrow("is a folder");
    expect(await readdir(here("log/sub"))).toEqual(["in"]);
  });

  it("leaves no half file of an archive that is cut off while a file is read", async () => {
    const whole = await archiveOf([{ name: "a" }, { name: "b" }]);
    // Two bytes of the second file.
    await shell.hold(whole.subarray(0, 3 * 512 + 2));
    const cut = copyFromVolume(shell.context(), "data:/log", "log", {
      cwd: here(),
      onCopied: ({ bytes }) => void (bytes === 6 && shell.release()),
    });
    await expect(cut).rejects.toMatchObject({ code: "COPY_FAILED" });
    expect(await readdir(here("log"))).toEqual(["a"]);
  });

  it("leaves no half file of an archive that is cut off", async () => {
    const whole = await archiveOf([{ name: "a" }, { name: "b" }]);
    await shell.send(whole.subarray(0, 512 + 512 + 512 + 2));
    await expect(copy("data:/log", "log")).rejects.toMatchObject({ code: "COPY_FAILED" });
    expect(await readdir(here("log"))).toEqual(["a"]);
  });
});
