import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RuntimeBundle } from "@juliarun/core";

type RuntimeFile = RuntimeBundle["files"][number];

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const FILES = join(PACKAGE, "files");
// A published package carries its copy; in the repository the Julia package has its own place.
const JULIA_PACKAGES = [
  join(PACKAGE, "julia/JuliaRun"),
  join(PACKAGE, "../../julia/JuliaRun"),
] as const;
const JULIA_PACKAGE_IN_CONTAINER = "julia/JuliaRun";
/** What Julia needs of its package: not the tests. */
const JULIA_PACKAGE_PARTS = ["Project.toml", "src"] as const;

/**
 * Reads the files that every Julia container gets. The same files give the same bundle on every machine:
 * modes follow from the names, not from the file system.
 */
export async function loadRuntimeBundle(): Promise<RuntimeBundle> {
  const juliaPackage = await firstFolder(JULIA_PACKAGES);
  const found = await Promise.all([
    readTree(FILES, ""),
    ...JULIA_PACKAGE_PARTS.map(async (part) =>
      readTree(join(juliaPackage, part), `${JULIA_PACKAGE_IN_CONTAINER}/${part}`),
    ),
  ]);
  const files = found.flat().toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return { hash: hashOf(files), files };
}

async function firstFolder(candidates: readonly string[]): Promise<string> {
  for (const candidate of candidates) {
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isDirectory() === true) return candidate;
  }
  throw new Error(`The Julia package is missing: none of ${candidates.join(", ")} is a folder.`);
}

async function readTree(source: string, path: string): Promise<RuntimeFile[]> {
  if (!(await stat(source)).isDirectory()) {
    const mode = path.endsWith(".sh") ? 0o755 : 0o644;
    return [{ path, mode, content: await readFile(source) }];
  }
  const entries = await readdir(source);
  const below = entries.map(async (entry) =>
    readTree(join(source, entry), path === "" ? entry : `${path}/${entry}`),
  );
  return (await Promise.all(below)).flat();
}

function hashOf(files: readonly RuntimeFile[]): string {
  const hash = createHash("sha256");
  for (const { path, mode, content } of files) {
    hash.update(`${path}\0${mode.toString(8)}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}
