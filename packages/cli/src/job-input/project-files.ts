import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ManagerError, placedFile, type PlacedFile } from "@juliarun/sdk";

const PROJECT_FILE = "Project.toml";
const MANIFEST_FILE = "Manifest.toml";

/**
 * A Julia project of this machine, to travel with a job: its `Project.toml`, and its `Manifest.toml` where it has one.
 * @param path - the project's folder, or its `Project.toml`.
 * @throws ManagerError SPEC_INVALID when there is no `Project.toml`, or it cannot be read.
 */
export async function readProject(path: string, cwd: string): Promise<PlacedFile[]> {
  const given = resolve(cwd, path);
  const folder = basename(given) === PROJECT_FILE ? dirname(given) : given;
  const project = await readIfThere(join(folder, PROJECT_FILE));
  if (!project) {
    throw new ManagerError("SPEC_INVALID", `The project ${path} has no ${PROJECT_FILE}.`, {
      hint: "Name a folder on this machine that has one; `jrun submit` uses projects on volumes.",
    });
  }
  const manifest = await readIfThere(join(folder, MANIFEST_FILE));
  return [
    placedFile(PROJECT_FILE, project),
    ...(manifest ? [placedFile(MANIFEST_FILE, manifest)] : []),
  ];
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new ManagerError("SPEC_INVALID", `${path} cannot be read (${code}).`, {
      hint: "Make it readable for you.",
      cause: error,
    });
  }
}
