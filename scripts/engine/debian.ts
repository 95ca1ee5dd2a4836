import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import type { Progress } from "../progress/progress.ts";
import { Problem } from "../progress/problem.ts";

/** Whether this process may install distribution packages here: root, on Debian or a relative. */
export function canInstallPackages(): boolean {
  return process.platform === "linux" && process.getuid?.() === 0 && isOnPath("apt-get");
}

/** Whether this is Debian itself, whose package sources serve Debian's suites. */
export async function isDebian(): Promise<boolean> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  return /^ID="?debian"?$/m.test(text);
}

/** Whether a program of this name is on the PATH, or where Debian keeps root's programs. */
export function isOnPath(name: string): boolean {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders, "/usr/sbin", "/sbin"].some(
    (folder) => folder !== "" && existsSync(join(folder, name)),
  );
}

let installing: Promise<void> = Promise.resolve();

/** Installs distribution packages; says so first. Calls wait for each other. */
export function installPackages(packages: readonly string[], progress: Progress): Promise<void> {
  // apt waits for the lock of its database, but not for that of its lists.
  const done = installing.then(() => install(packages, progress));
  installing = done.catch(() => {});
  return done;
}

async function install(packages: readonly string[], progress: Progress): Promise<void> {
  const title = `Installing distribution packages: ${packages.join(", ")}`;
  await progress.step(title, async (detail) => {
    detail("apt-get update");
    await aptGet("update", "-qq");
    detail("apt-get install");
    await aptGet("install", "-yqq", "--no-install-recommends", ...packages);
  });
}

async function aptGet(...args: string[]): Promise<void> {
  // Another apt may hold the lock, as on a machine that has just started.
  const options = ["-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"];
  const { failed, all } = await execa("apt-get", [...options, ...args], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
    stdin: "ignore",
    all: true,
    reject: false,
  });
  if (failed) throw new Problem(`apt-get ${args.join(" ")} failed:\n${all}`);
}
