import { once } from "node:events";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { Writable } from "node:stream";
import {
  archivePath,
  archiveScript,
  bytesOf,
  copyTarget,
  ManagerError,
  SCRIPT_COMMAND,
  showBytes,
  staysInside,
  toByteText,
  type ByteText,
  type Context,
  type PathKind,
} from "@juliarun/core";
import { CopyCounter } from "./copy-counter.ts";
import { localFailed } from "./copy-failed.ts";
import type { CopyOptions, CopySummary } from "./copy-options.ts";
import { toLocalBytes } from "./local-staging.ts";
import { LocalWriter } from "./local-writer.ts";
import { lookAt } from "./look-at.ts";
import { notOneFile, readVolumeArchive, type ArchiveItem } from "./read-archive.ts";
import { toVolumePlace, type VolumePlace } from "./volume-place.ts";

/**
 * Copies a file or a folder of a volume to this machine. Into a folder that exists it goes under its own name, else it becomes what
 * `to` names; `folder/.` copies what is in a folder. Missing folders are made. A file gets its name when it is complete, so
 * that an interrupted copy leaves no half one. Whatever is on the volume, nothing is written outside the destination.
 * @param from - `volume:path`.
 * @param to - a path; or a stream, for the content of a single file.
 * @throws ManagerError FILE_NOT_FOUND, VOLUME_NOT_FOUND, SPEC_INVALID, COPY_FAILED, CANCELLED, and what opening a volume throws.
 */
export async function copyFromVolume(
  context: Context,
  from: string,
  to: string | Writable,
  options: CopyOptions = {},
): Promise<CopySummary> {
  const { signal, onProgress } = options;
  const place = toVolumePlace(from);
  const shown = `${place.volume}:/${showBytes(place.parts.join("/"))}`;
  const counter = new CopyCounter(options.onCopied);
  const shell = await context.openVolume(place.volume, { onProgress, signal });
  try {
    const kind = await lookAt(shell, place, signal);
    const source = checkKind(kind, place, shown);
    const script = archiveScript(place.volume, place.parts, source);
    const items = readVolumeArchive(shell, place.volume, oneChunk(script), SCRIPT_COMMAND, signal);
    if (to instanceof Writable) {
      if (source === "folder") throw notOneFile(shown);
      for await (const item of items) await writeOut(item, to, counter, signal);
      return counter.summary("-");
    }
    const target = await localTarget(place, source, to, options);
    await using writer = await LocalWriter.open(target.path, target.named);
    for await (const item of items) await take(item, source, writer, counter);
    if (source === "file" && counter.summary("").files !== 1) throw wrongEntry(shown);
    await writer.finish();
    return counter.summary(showBytes(target.path));
  } finally {
    await shell.close();
  }
}

function checkKind(kind: PathKind, { folder, contents }: VolumePlace, shown: string) {
  if (kind === "none") {
    throw new ManagerError("FILE_NOT_FOUND", `There is no ${shown}.`, {
      hint: "Paths begin at the volume's root: what jobs see as /mnt/<volume>/x is <volume>:/x.",
    });
  }
  if (kind === "other")
    throw new ManagerError("SPEC_INVALID", `${shown} is neither a file nor a folder.`);
  if (kind === "file" && (folder || contents))
    throw new ManagerError("SPEC_INVALID", `${shown} is a file, not a folder.`);
  return kind;
}

async function localTarget(
  { parts, volume, contents }: VolumePlace,
  kind: "file" | "folder",
  to: string,
  { cwd = process.cwd() }: CopyOptions,
): Promise<{ path: ByteText; named: boolean }> {
  const path = resolve(cwd, to);
  // A volume's root has the volume's name.
  const source = { kind, name: parts.at(-1) ?? volume };
  const destination = await kindOf(path);
  const folder = /\/\.?$/.test(to);
  const name = copyTarget({ source, contents, destination, folder, shown: to });
  const bytes = toLocalBytes(path);
  return { path: name === undefined ? bytes : `${bytes}/${name}`, named: name === undefined };
}

async function kindOf(path: string): Promise<PathKind> {
  try {
    const found = await stat(path);
    return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "none";
    throw localFailed(error, "look at", toByteText(path));
  }
}

async function take(
  item: ArchiveItem,
  source: "file" | "folder",
  writer: LocalWriter,
  counter: CopyCounter,
): Promise<void> {
  const path = archivePath(item.name);
  if (source === "file") {
    if (item.type !== "file" || path.length !== 1) throw wrongEntry(showBytes(item.name));
    await writer.file([], item, counted(item.content, counter));
    return counter.file();
  }
  if (item.type !== "folder" && path.length === 0) throw wrongEntry(showBytes(item.name));
  switch (item.type) {
    case "folder":
      await writer.folder(path, item);
      return counter.folder();
    case "file":
      await writer.file(path, item, counted(item.content, counter));
      return counter.file();
    case "hardlink":
      await writer.again(path, item, archivePath(item.target));
      return counter.file();
    case "symlink":
      if (!staysInside(path, item.target)) return counter.skip(path);
      writer.link(path, item.target);
      return counter.link();
    default:
      return counter.skip(path);
  }
}

function wrongEntry(shown: string): ManagerError {
  return new ManagerError("COPY_FAILED", `What came from the volume is not the file: ${shown}.`);
}

async function writeOut(
  item: ArchiveItem,
  to: Writable,
  counter: CopyCounter,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (item.type !== "file") throw wrongEntry(showBytes(item.name));
  for await (const chunk of counted(item.content, counter))
    if (!to.write(chunk)) await once(to, "drain", signal ? { signal } : {});
  counter.file();
}

async function* counted(
  content: AsyncIterable<Uint8Array>,
  counter: CopyCounter,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    counter.bytes(chunk.length);
    yield chunk;
  }
}

async function* oneChunk(script: ByteText): AsyncGenerator<Uint8Array> {
  yield bytesOf(script);
}
