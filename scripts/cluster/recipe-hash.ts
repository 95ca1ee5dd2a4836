import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** A short hash of parts, each of which counts with its place. */
export function hashOf(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}

/** {@link hashOf} the names and contents of all files in a folder. */
export async function folderHash(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const parts: string[] = [];
  for (const path of paths) {
    parts.push(path.slice(folder.length).replaceAll("\\", "/"), await readFile(path, "utf8"));
  }
  return hashOf(parts);
}
