import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  chmod,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { CopySummary } from "@juliarun/sdk";
import { execa } from "execa";
import { describe, expect, it, vi } from "vitest";
import { Workspace } from "../jrun/workspace.ts";

const binary = fileURLToPath(new URL("../../packages/cli/bin/jrun.js", import.meta.url));
const MIB = 1024 * 1024;
const PATIENCE = { timeout: 60_000, interval: 250 };

/** Writes a file of random bytes. */
async function writeLarge(path: string, mebibytes: number): Promise<void> {
  await using file = await open(path, "w");
  const block = randomBytes(MIB);
  for (let index = 0; index < mebibytes; index++) {
    block.writeUInt32BE(index);
    await file.write(block);
  }
}

async function sumOf(path: string): Promise<string> {
  const sum = createHash("sha256");
  for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
  return sum.digest("hex");
}

/** Largest resident memory of a process, in MiB, as the kernel counts it until the process ends. */
async function peakMemory(pid: number, ended: AbortSignal): Promise<number> {
  let peak = 0;
  while (!ended.aborted) {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
    await sleep(20);
  }
  return peak;
}

/** Names of what copies have left on a volume or on this machine. */
async function leftovers(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.includes(".jrun-cp"));
}

async function copied(workspace: Workspace, from: string, to: string): Promise<CopySummary> {
  return JSON.parse(await workspace.jrun("cp", from, to, "-o", "json")) as CopySummary;
}

describe("jrun cp on the Docker Engine", () => {
  it("copies a file there and back, with its mode, time and owner", async () => {
    const workspace = await Workspace.create({ owner: 1234 });
    const { folder, volume } = workspace;
    const file = join(folder, "a b.txt");
    await writeFile(file, "content\n");
    await chmod(file, 0o640);
    await utimes(file, 1_000_000_000, 1_000_000_000);
    expect(await workspace.run("cp", "./a b.txt", "juliarun:/jobs/data/")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "",
    });
    const found = await stat(join(volume, "jobs/data/a b.txt"));
    expect([found.mode & 0o777, found.mtimeMs, found.uid]).toEqual([0o640, 1e12, 1234]);
    expect((await stat(join(volume, "jobs"))).uid).toBe(1234);
    await workspace.jrun("cp", "juliarun:/jobs/data/a b.txt", "back.txt");
    expect(await readFile(join(folder, "back.txt"), "utf8")).toBe("content\n");
    expect((await stat(join(folder, "back.txt"))).mtimeMs).toBe(1e12);
    expect(await workspace.jrun("cp", "juliarun:/jobs/data/a b.txt", "-")).toBe("content\n");
    expect(await workspace.containers()).toEqual([]);
    expect(await leftovers(folder)).toEqual([]);
  });

  it("copies a folder of 2,000 files there and back", async () => {
    const workspace = await Workspace.create();
    const { folder, volume } = workspace;
    for (let index = 0; index < 20; index++) {
      await mkdir(join(folder, `many/${index}`), { recursive: true });
      await Promise.all(
        Array.from({ length: 100 }, async (_, file) =>
          writeFile(join(folder, `many/${index}/${file}`), `${index} ${file}`),
        ),
      );
    }
    const counts = { files: 2000, folders: 21, skipped: [] };
    expect(await copied(workspace, "many", "juliarun:/copy")).toMatchObject(counts);
    expect(await readFile(join(volume, "copy/19/99"), "utf8")).toBe("19 99");
    expect(await copied(workspace, "juliarun:/copy", "back")).toMatchObject(counts);
    expect(await readFile(join(folder, "back/7/42"), "utf8")).toBe("7 42");
    expect(await readdir(join(folder, "back"), { recursive: true })).toHaveLength(2020);
  });

  it("copies 300 MB there and back in bounded memory", async () => {
    const workspace = await Workspace.create();
    const { folder, volume } = workspace;
    await writeLarge(join(folder, "large"), 300);
    const peaks: number[] = [];
    for (const [from, to] of [
      ["large", "juliarun:/large"],
      ["juliarun:/large", "back"],
    ] as const) {
      const running = workspace.start("cp", from, to);
      const ended = new AbortController();
      const done = running.result().finally(() => ended.abort());
      const peak = await peakMemory(running.pid ?? 0, ended.signal);
      expect(await done).toMatchObject({ exitCode: 0 });
      peaks.push(peak);
    }
    for (const peak of peaks) {
      expect(peak).toBeGreaterThan(20);
      expect(peak).toBeLessThan(250);
    }
    const [original, sent, back] = await Promise.all(
      [join(folder, "large"), join(volume, "large"), join(folder, "back")].map(sumOf),
    );
    expect([sent, back]).toEqual([original, original]);
  });

  it("leaves no half file when it is killed in the middle, and can be repeated", async () => {
    const workspace = await Workspace.create();
    const { folder, volume } = workspace;
    await writeLarge(join(folder, "large"), 200);
    await writeFile(join(volume, "large"), "old");
    const up = workspace.start("cp", "large", "juliarun:/large");
    await vi.waitFor(async () => expect(await leftovers(volume)).not.toEqual([]), PATIENCE);
    process.kill(up.pid ?? 0, "SIGKILL");
    await up.result();
    expect(await readFile(join(volume, "large"), "utf8")).toBe("old");
    // The container notices by itself.
    await vi.waitFor(async () => {
      expect(await leftovers(volume)).toEqual([]);
      expect(await workspace.containers()).toEqual([]);
    }, PATIENCE);
    expect(await copied(workspace, "large", "juliarun:/large")).toMatchObject({ files: 1 });
    expect((await stat(join(volume, "large"))).size).toBe(200 * MIB);

    const down = workspace.start("cp", "juliarun:/large", "back");
    await vi.waitFor(async () => expect(await leftovers(folder)).not.toEqual([]), PATIENCE);
    process.kill(down.pid ?? 0, "SIGKILL");
    await down.result();
    expect(await readdir(folder)).not.toContain("back");
    await copied(workspace, "juliarun:/large", "back");
    expect((await stat(join(folder, "back"))).size).toBe(200 * MIB);
    expect(await leftovers(folder)).toEqual([]);
  });

  it("removes its container and what is not complete at Ctrl-C", async () => {
    const workspace = await Workspace.create();
    const { folder, volume } = workspace;
    await writeLarge(join(folder, "large"), 200);
    const up = workspace.start("cp", "large", "juliarun:/large");
    await vi.waitFor(async () => expect(await leftovers(volume)).not.toEqual([]), PATIENCE);
    process.kill(up.pid ?? 0, "SIGINT");
    expect(await up.result()).toMatchObject({ exitCode: 130 });
    expect(await readdir(volume)).toEqual([]);
    expect(await workspace.containers()).toEqual([]);
  });

  it("keeps any name", async () => {
    const workspace = await Workspace.create();
    const { folder, volume } = workspace;
    const names = ["-rf", "two\nlines", "it's $(id)", "ünï", "x".repeat(200)];
    await mkdir(join(folder, "names"));
    for (const name of names) await writeFile(join(folder, "names", name), name);
    const raw = Buffer.of(0x66, 0xff, 0xfe);
    await writeFile(Buffer.concat([Buffer.from(`${folder}/names/`), raw]), "bytes");
    await workspace.jrun("cp", "names", "juliarun:/");
    await workspace.jrun("cp", "juliarun:/names/.", "back");
    for (const place of [join(volume, "names"), join(folder, "back")]) {
      for (const name of names) expect(await readFile(join(place, name), "utf8")).toBe(name);
      const found = await readdir(place, { encoding: "buffer" });
      expect(found.some((name) => raw.equals(name))).toBe(true);
    }
  });

  it("writes nothing outside the destination, whatever is on the volume", async () => {
    const workspace = await Workspace.create();
    const { folder, volume } = workspace;
    await mkdir(join(volume, "evil/sub"), { recursive: true });
    await writeFile(join(volume, "evil/fine"), "fine");
    await link(join(volume, "evil/fine"), join(volume, "evil/same"));
    await symlink("../../..", join(volume, "evil/out"));
    await symlink("/etc", join(volume, "evil/etc"));
    await symlink("fine", join(volume, "evil/inside"));
    const { stderr, exitCode } = await workspace.run("cp", "juliarun:/evil", "got");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("left out: etc");
    expect(stderr).toContain("left out: out");
    expect((await readdir(join(folder, "got"))).toSorted()).toEqual([
      "fine",
      "inside",
      "same",
      "sub",
    ]);
    // A link that the user himself has there is not written through.
    await symlink(volume, join(folder, "got/trap"));
    await mkdir(join(volume, "evil/trap"));
    await writeFile(join(volume, "evil/trap/x"), "evil");
    expect(await workspace.run("cp", "juliarun:/evil/.", "got")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("symbolic link"),
    });
    expect(await readdir(volume)).toEqual(["evil"]);
    expect(await workspace.run("cp", "juliarun:/evil/etc/passwd", "got")).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("leads out of the volume"),
    });
  });

  it("shows on a terminal how far it is, and elsewhere nothing", async () => {
    const workspace = await Workspace.create();
    const { folder } = workspace;
    await writeLarge(join(folder, "large"), 100);
    // Gives the command a terminal.
    const line = `'${process.execPath}' '${binary}' cp large juliarun:/large`;
    const { stdout } = await execa("script", ["-qec", line, "/dev/null"], {
      cwd: folder,
      env: { JRUN_STATE_DIR: workspace.stateFolder, TERM: "xterm" },
      stdin: "ignore",
    });
    const sizes = [...stdout.matchAll(/copying 0 of 1 files, (\S+ \S+) of 100\.0 MiB/g)];
    expect(new Set(sizes.map(([, size]) => size)).size).toBeGreaterThan(1);
    expect(stdout).toContain("copied 1 file (100.0 MiB) to juliarun:/large");
    expect(await workspace.run("cp", "juliarun:/large", "back")).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "",
    });
  });

  it("refuses what cannot be, before anything starts", async () => {
    const storage = {
      hostpath: [
        { name: "juliarun", path: "juliarun" },
        { name: "fixed", path: "juliarun", readonly: true },
        { name: "gone", path: "gone" },
      ],
      scratch: [{ name: "tmp" }],
    };
    const workspace = await Workspace.create({ config: { storage } });
    await writeFile(join(workspace.folder, "file"), "");
    for (const [from, to, exitCode, words] of [
      ["file", "fixed:/x", 2, "Volume fixed is read-only"],
      ["file", "tmp:/x", 2, "of kind scratch"],
      ["file", "julia:/x", 3, "There is no volume julia"],
      ["file", "gone:/x", 3, "does not exist"],
      ["missing", "juliarun:/x", 3, "There is no"],
      ["juliarun:/missing", "x", 3, "There is no juliarun:/missing"],
      ["file", "other", 2, "Neither the source nor the destination"],
      ["juliarun:/a", "juliarun:/b", 2, "Both the source and the destination"],
      ["file", "juliarun:/../x", 2, "has .. in it"],
    ] as const) {
      const result = await workspace.run("cp", from, to);
      expect(result, `${from} ${to}`).toMatchObject({
        exitCode,
        stderr: expect.stringContaining(words),
      });
    }
    expect(await readdir(workspace.volume)).toEqual([]);
    expect(await workspace.jrun("cp", "file", "juliarun:/x")).toBe("");
    expect(await workspace.jrun("cp", "fixed:/x", "-")).toBe("");
    expect(await workspace.containers()).toEqual([]);
  });
});
