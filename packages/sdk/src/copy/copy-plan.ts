import { pathOnVolume, type ByteText, type CommitEntry, type CommitFile } from "@juliarun/core";
import type { LocalEntry } from "./local-tree.ts";
import { packedName } from "./pack-files.ts";

/** Permissions of folders that are made above what is copied. */
const FOLDER_MODE = 0o755;

/** Where on a volume a copy goes. */
export interface VolumeTarget {
  readonly parts: readonly ByteText[];
  /** The destination is there: something in it may be in the way. */
  readonly exists: boolean;
  /** What is at the target itself was looked at. */
  readonly looked: boolean;
}

/**
 * What shall be on a volume after a copy, folders before what is in them.
 * @param tree - what is copied; undefined for the content of a single file.
 * @param sums - SHA-256 of what was sent by staged name, as far as it was.
 */
export function planCopy(
  volume: string,
  { parts, looked }: VolumeTarget,
  tree: readonly LocalEntry[] | undefined,
  sums: ReadonlyMap<string, string> = new Map(),
): CommitEntry[] {
  const above = parts.slice(0, -1).map((_, index): CommitEntry => {
    const path = pathOnVolume(volume, parts.slice(0, index + 1));
    return { type: "folder", path, above: true, mode: FOLDER_MODE };
  });
  if (!tree) return [...above, toFile(0, pathOnVolume(volume, parts), sums)];
  let files = 0;
  const entries = tree.map((entry): CommitEntry => {
    const path = pathOnVolume(volume, [...parts, ...entry.parts]);
    if (entry.type === "file") return toFile(files++, path, sums);
    if (entry.type === "link") return { type: "link", path, target: entry.target ?? "" };
    // The folder that the destination names may be a link to one.
    const top = looked && entry.parts.length === 0;
    return { type: "folder", path, above: top, mode: entry.mode, mtime: entry.mtime };
  });
  return [...above, ...entries];
}

function toFile(index: number, path: ByteText, sums: ReadonlyMap<string, string>): CommitFile {
  const staged = packedName(index);
  return { type: "file", path, staged, sha256: sums.get(staged) ?? "" };
}
