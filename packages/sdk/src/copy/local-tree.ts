import { lstat, readdir, readlink, stat } from "node:fs/promises";
import { bytesOf, ManagerError, showBytes, staysInside, type ByteText } from "@juliarun/core";
import { localFailed } from "./copy-failed.ts";

/** A folder, file or link of this machine that is copied. */
export interface LocalEntry {
  readonly type: "folder" | "file" | "link";
  /** Below what is copied; empty for itself. */
  readonly parts: readonly ByteText[];
  readonly path: ByteText;
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Bytes of a file. */
  readonly size: number;
  /** Of a link. */
  readonly target?: ByteText;
}

/** Everything at a path of this machine. */
export interface LocalTree {
  /** Folders before what is in them. */
  readonly entries: readonly LocalEntry[];
  /** What cannot be copied. */
  readonly skipped: readonly (readonly ByteText[])[];
}

/**
 * Looks through a file or a folder; a link is followed where it was named itself. Only names are kept in memory.
 * @throws ManagerError FILE_NOT_FOUND, COPY_FAILED.
 */
export async function readLocalTree(root: ByteText, signal?: AbortSignal): Promise<LocalTree> {
  const top = await look(root, [], true);
  if (top === undefined) {
    throw new ManagerError("SPEC_INVALID", `${showBytes(root)} is neither a file nor a folder.`, {
      hint: "Devices, pipes and sockets cannot be copied; use - to copy from standard input.",
    });
  }
  const entries: LocalEntry[] = [];
  const skipped: (readonly ByteText[])[] = [];
  const waiting = [top];
  for (let entry = waiting.pop(); entry; entry = waiting.pop()) {
    entries.push(entry);
    if (entry.type !== "folder") continue;
    signal?.throwIfAborted();
    const inside: LocalEntry[] = [];
    for (const name of await namesIn(entry.path)) {
      const parts = [...entry.parts, name];
      const found = await look(`${entry.path}/${name}`, parts, false);
      if (found) inside.push(found);
      else skipped.push(parts);
    }
    // Taken from the end.
    waiting.push(...inside.toReversed());
  }
  return { entries, skipped };
}

async function namesIn(folder: ByteText): Promise<ByteText[]> {
  try {
    const names = await readdir(bytesOf(folder), { encoding: "latin1" });
    return names.toSorted();
  } catch (error) {
    throw localFailed(error, "read", folder);
  }
}

/** Undefined for what cannot be copied. */
async function look(
  path: ByteText,
  parts: readonly ByteText[],
  follow: boolean,
): Promise<LocalEntry | undefined> {
  try {
    const found = await (follow ? stat : lstat)(bytesOf(path));
    const { mode, size, mtimeMs } = found;
    const entry = { parts, path, mode: mode & 0o777, mtime: mtimeMs / 1000, size };
    if (found.isFile()) return { ...entry, type: "file" };
    if (found.isDirectory()) return { ...entry, type: "folder", size: 0 };
    if (!found.isSymbolicLink()) return undefined;
    const target = await readlink(bytesOf(path), { encoding: "latin1" });
    if (!staysInside(parts, target)) return undefined;
    return { ...entry, type: "link", size: 0, target };
  } catch (error) {
    throw localFailed(error, "read", path);
  }
}
