import { createHash, randomBytes } from "node:crypto";
import { basename, resolve } from "node:path";
import {
  blocked,
  checkScript,
  COMMIT_EXIT,
  commitScript,
  copyTarget,
  keepCommand,
  ManagerError,
  pathOnVolume,
  runProgram,
  runScript,
  showBytes,
  stagingPath,
  toByteText,
  unpackCommand,
  type ByteText,
  type CommitEntry,
  type Context,
  type VolumeShell,
} from "@juliarun/core";
import { CopyCounter } from "./copy-counter.ts";
import { volumeFailed } from "./copy-failed.ts";
import type { CopyOptions, CopySummary } from "./copy-options.ts";
import { planCopy, type VolumeTarget } from "./copy-plan.ts";
import { readLocalTree, type LocalEntry, type LocalTree } from "./local-tree.ts";
import { lookAt } from "./look-at.ts";
import { packedName, packFiles } from "./pack-files.ts";
import { toVolumePlace, type VolumePlace } from "./volume-place.ts";

/**
 * Copies a file or a folder of this machine to a volume. Into a folder that exists it goes under its own name, else it becomes what
 * `to` names; `folder/.` copies what is in a folder. Missing folders are made. Everything is sent before the first
 * file gets its name, so that an interrupted copy changes nothing.
 * @param from - a path, or the content of a file.
 * @param to - `volume:path`.
 * @throws ManagerError FILE_NOT_FOUND, VOLUME_NOT_FOUND, SPEC_INVALID, COPY_FAILED, CANCELLED, and what opening a volume throws.
 */
export async function copyToVolume(
  context: Context,
  from: string | AsyncIterable<Uint8Array>,
  to: string,
  options: CopyOptions = {},
): Promise<CopySummary> {
  const { signal } = options;
  const place = toVolumePlace(to);
  const source = await readSource(from, options);
  const counter = new CopyCounter(options.onCopied);
  for (const parts of source.tree?.skipped ?? []) counter.skip(parts);
  const staging = stagingPath(place.volume, randomBytes(6).toString("hex"));
  const { onProgress } = options;
  const shell = await context.openVolume(place.volume, { staging, onProgress, signal });
  try {
    const target = await findTarget(shell, place, source, signal);
    const { volume } = place;
    if (target.exists)
      await refuseBlocked(shell, volume, planCopy(volume, target, source.tree?.entries), signal);
    const sums = await send(shell, { source, staging, volume, counter, signal });
    const entries = planCopy(volume, target, source.tree?.entries, sums);
    await commit(shell, volume, staging, entries, signal);
    for (const { type } of entries.slice(Math.max(0, target.parts.length - 1))) {
      if (type === "folder") counter.folder();
      if (type === "link") counter.link();
    }
    return counter.summary(`${place.volume}:/${showBytes(target.parts.join("/"))}`);
  } finally {
    await shell.close();
  }
}

interface Source {
  readonly kind: "file" | "folder";
  readonly name: ByteText | undefined;
  readonly contents: boolean;
  readonly tree?: LocalTree;
  readonly stream?: AsyncIterable<Uint8Array>;
}

async function readSource(
  from: string | AsyncIterable<Uint8Array>,
  { cwd = process.cwd(), signal }: CopyOptions,
): Promise<Source> {
  if (typeof from !== "string")
    return { kind: "file", name: undefined, contents: false, stream: from };
  const path = resolve(cwd, from);
  const tree = await readLocalTree(toByteText(path), signal);
  const kind = tree.entries[0]?.type === "folder" ? "folder" : "file";
  const contents = kind === "folder" && /(^|\/)\.$/.test(from);
  if (kind === "file" && /\/\.?$/.test(from))
    throw new ManagerError("SPEC_INVALID", `${from} is a file, not a folder.`);
  return { kind, name: toByteText(basename(path)), contents, tree };
}

async function findTarget(
  shell: VolumeShell,
  place: VolumePlace,
  source: Source,
  signal: AbortSignal | undefined,
): Promise<VolumeTarget> {
  const shown = `${place.volume}:/${showBytes(place.parts.join("/"))}`;
  const destination = await lookAt(shell, place, signal);
  const { folder, parts } = place;
  const name = copyTarget({ source, contents: source.contents, destination, folder, shown });
  const whole = name === undefined ? parts : [...parts, name];
  return { parts: whole, exists: destination !== "none", looked: name === undefined };
}

async function refuseBlocked(
  shell: VolumeShell,
  volume: string,
  entries: readonly CommitEntry[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { exitCode, output, stderr } = await runScript(shell, checkScript(entries), signal);
  if (exitCode === 0) return;
  const [, index, is] = /^(\d+) (folder|file|link)$/m.exec(output) ?? [];
  const entry = entries[Number(index)];
  if (exitCode !== COMMIT_EXIT.blocked || !entry) throw volumeFailed(volume, "look at", stderr);
  const path = entry.path.slice(pathOnVolume(volume, []).length);
  throw blocked(`${volume}:${path}`, is === "folder" || is === "link" ? is : "file");
}

interface Sending {
  readonly source: Source;
  readonly staging: string;
  readonly volume: string;
  readonly counter: CopyCounter;
  readonly signal: AbortSignal | undefined;
}

/** Sums of what was sent, by staged name. */
async function send(shell: VolumeShell, sending: Sending): Promise<Map<string, string>> {
  const { source, staging, volume, counter, signal } = sending;
  const sums = new Map<string, string>();
  const input = source.stream
    ? counted(source.stream, counter, (sum) => sums.set(packedName(0), sum))
    : packed(filesOf(source), counter, sums);
  const command = source.stream ? keepCommand(staging, packedName(0)) : unpackCommand(staging);
  const { exitCode, stderr } = await runProgram(shell, command, input, signal);
  if (exitCode !== 0) throw volumeFailed(volume, "write to", stderr);
  return sums;
}

function filesOf({ tree }: Source): LocalEntry[] {
  return tree?.entries.filter(({ type }) => type === "file") ?? [];
}

function packed(
  files: readonly LocalEntry[],
  counter: CopyCounter,
  sums: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  counter.expect(
    files.length,
    files.reduce((total, { size }) => total + size, 0),
  );
  return packFiles(files, {
    bytes: (count) => counter.bytes(count),
    file: (index, sha256) => {
      sums.set(packedName(index), sha256);
      counter.file();
    },
  });
}

async function* counted(
  stream: AsyncIterable<Uint8Array>,
  counter: CopyCounter,
  done: (sha256: string) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of stream) {
    hash.update(chunk);
    counter.bytes(chunk.length);
    yield chunk;
  }
  counter.file();
  done(hash.digest("hex"));
}

async function commit(
  shell: VolumeShell,
  volume: string,
  staging: string,
  entries: readonly CommitEntry[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const { exitCode, stderr } = await runScript(shell, commitScript(staging, entries), signal);
  if (exitCode === 0) return;
  const doing = exitCode === COMMIT_EXIT.damaged ? "confirm what was sent to" : "write to";
  throw volumeFailed(volume, doing, stderr);
}
