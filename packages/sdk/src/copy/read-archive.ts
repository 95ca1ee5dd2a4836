import { Readable } from "node:stream";
import { ManagerError, type ByteText, type VolumeShell } from "@juliarun/core";
import { extract } from "tar-stream";
import { volumeFailed } from "./copy-failed.ts";

/** One entry of an archive, as it comes. Its content is to be read before the next one. */
export interface ArchiveItem {
  readonly name: ByteText;
  readonly type: "file" | "folder" | "symlink" | "hardlink" | "other";
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Of a link. */
  readonly target: ByteText;
  readonly content: AsyncIterable<Uint8Array>;
}

/** The first is missing in the library's types. */
const EXTRACTING = { filenameEncoding: "latin1", highWaterMark: 65_536 };

const TYPES: Readonly<Record<string, ArchiveItem["type"]>> = {
  file: "file",
  "contiguous-file": "file",
  directory: "folder",
  symlink: "symlink",
  link: "hardlink",
};

/** What GNU tar says of files that others change meanwhile, and ends with 1 for: what it sent is consistent. */
const HARMLESS = /: (file changed as we read it|File removed before we read it|socket ignored)$/;

/**
 * The entries of an archive that a script of a volume's container writes.
 * @throws ManagerError COPY_FAILED when it is not complete, or the script failed.
 */
export async function* readVolumeArchive(
  shell: VolumeShell,
  volume: string,
  script: AsyncIterable<Uint8Array>,
  command: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<ArchiveItem> {
  const run = await shell.run(command, script, signal);
  run.ended.catch(() => undefined);
  const source = Readable.from(run.output, { objectMode: false });
  const archive = extract(EXTRACTING);
  // Which may be the reason why the archive ends too early.
  source.on("error", (error) => archive.destroy(error));
  source.pipe(archive);
  const toFailure = async (error: unknown): Promise<unknown> => {
    if (!(error instanceof Error) || !DAMAGED.test(error.message)) return error;
    const { stderr } = await run.ended;
    return volumeFailed(volume, "read", stderr || error.message);
  };
  try {
    for await (const entry of archive) {
      const { header } = entry;
      const utf8 = header.pax;
      yield {
        name: ofPax(utf8, "path") ?? header.name,
        type: TYPES[header.type ?? ""] ?? "other",
        mode: header.mode ?? 0o600,
        mtime: (header.mtime?.getTime() ?? 0) / 1000,
        target: ofPax(utf8, "linkpath") ?? header.linkname ?? "",
        content: bytesIn(entry, toFailure),
      };
      entry.resume();
    }
  } catch (error) {
    throw await toFailure(error);
  } finally {
    source.destroy();
  }
  const { exitCode, stderr } = await run.ended;
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  if (exitCode === 0 || (exitCode === 1 && lines.length > 0 && lines.every(isHarmless))) return;
  throw volumeFailed(volume, "read", stderr);
}

/** Messages of the library for an archive that is cut off, or none at all. */
const DAMAGED = /^(Unexpected end of data|Invalid tar header|Invalid header|Header exceeds)/;

function isHarmless(line: string): boolean {
  return HARMLESS.test(line) || /: Exiting with failure status/.test(line);
}

/** Such values were decoded as UTF-8, whatever the encoding asked for. */
function ofPax(values: unknown, key: "path" | "linkpath"): ByteText | undefined {
  if (typeof values !== "object" || values === null || !(key in values)) return undefined;
  const value: unknown = Reflect.get(values, key);
  return typeof value === "string" ? Buffer.from(value, "utf8").toString("latin1") : undefined;
}

/** The error for a stream that needs exactly one file. */
export function notOneFile(shown: string): ManagerError {
  return new ManagerError(
    "SPEC_INVALID",
    `${shown} is a folder: only a file can be written to -.`,
    {
      hint: "Name a folder of this machine as the destination.",
    },
  );
}

async function* bytesIn(
  content: AsyncIterable<unknown>,
  toFailure: (error: unknown) => Promise<unknown>,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of content) if (chunk instanceof Uint8Array) yield chunk;
  } catch (error) {
    throw await toFailure(error);
  }
}
