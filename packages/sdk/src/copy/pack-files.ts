import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { bytesOf, ManagerError, showBytes } from "@juliarun/core";
import { pack, type Pack } from "tar-stream";
import { localFailed } from "./copy-failed.ts";
import type { LocalEntry } from "./local-tree.ts";

/** What is told while files are packed. */
export interface PackListener {
  /** A piece of a file was read. */
  readonly bytes: (count: number) => void;
  /** A file was read to its end. */
  readonly file: (index: number, sha256: string) => void;
}

/** Name of a file in the archive: its own could be anything. */
export function packedName(index: number): string {
  return `f${index}`;
}

/**
 * A tar archive of files, each under {@link packedName}; read only as fast as it is taken.
 * @throws ManagerError COPY_FAILED for a file that becomes shorter meanwhile, or cannot be read.
 */
export async function* packFiles(
  files: readonly LocalEntry[],
  listener: PackListener,
): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const gone = new AbortController();
  archive.once("close", () => gone.abort());
  const fill = async (): Promise<void> => {
    for (const [index, file] of files.entries()) {
      const sha256 = await packFile(file, listener, gone.signal, (header) => {
        const entry = archive.entry({ ...header, name: packedName(index) });
        // Told by the archive.
        entry.on("error", () => undefined);
        return entry;
      });
      listener.file(index, sha256);
    }
    archive.finalize();
  };
  const failed = fill().catch((error: unknown) => {
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  try {
    for await (const chunk of archive) if (chunk instanceof Uint8Array) yield chunk;
  } finally {
    archive.destroy();
    await failed;
  }
}

interface FileHeader {
  readonly size: number;
  readonly mode: number;
  readonly mtime: Date;
}

async function packFile(
  { path }: LocalEntry,
  { bytes }: PackListener,
  gone: AbortSignal,
  begin: (header: FileHeader) => ReturnType<Pack["entry"]>,
): Promise<string> {
  try {
    await using file = await open(bytesOf(path), "r");
    const { size, mode, mtime } = await file.stat();
    const entry = begin({ size, mode: mode & 0o777, mtime });
    const hash = createHash("sha256");
    let sent = 0;
    if (size > 0) {
      // A file that grows meanwhile is copied as long as it was.
      for await (const chunk of file.createReadStream({ end: size - 1, autoClose: false })) {
        if (!(chunk instanceof Uint8Array)) continue;
        hash.update(chunk);
        sent += chunk.length;
        if (!entry.write(chunk)) await drained(entry, gone);
        bytes(chunk.length);
      }
    }
    if (sent !== size) {
      throw new ManagerError("COPY_FAILED", `${showBytes(path)} became shorter while it was read.`);
    }
    entry.end(undefined);
    return hash.digest("hex");
  } catch (error) {
    throw localFailed(error, "read", path);
  }
}

async function drained(entry: ReturnType<Pack["entry"]>, gone: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const leave = (): void => reject(new DOMException("The archive is closed.", "AbortError"));
  gone.addEventListener("abort", leave, { once: true });
  entry.once("drain", () => resolve());
  if (gone.aborted) leave();
  await promise.finally(() => gone.removeEventListener("abort", leave));
}
