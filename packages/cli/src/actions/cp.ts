import {
  copyFromVolume,
  copyToVolume,
  ManagerError,
  parseCopyPlace,
  type CopyOptions,
  type CopyProgress,
  type CopySummary,
} from "@juliarun/sdk";
import type { Command } from "commander";
import type { OutputOption } from "../command-line/output-option.ts";
import { formatBytes } from "../render/bytes.ts";
import { renderJson } from "../render/json.ts";
import type { Session } from "../session.ts";

/** `jrun cp <from> <to>` */
export async function cp(session: Session, command: Command): Promise<void> {
  const [from = "", to = ""] = command.args;
  const { output } = command.opts<OutputOption>();
  const { err, signal, io } = session;
  if (output === "json" && to === "-")
    throw new ManagerError("SPEC_INVALID", "Both the file and the summary would be written to -.");
  const copy = chooseCopy(session, from, to);
  const summary = await copy({
    cwd: io.cwd,
    signal,
    // Nothing to say but on a terminal.
    ...(err.isTerminal
      ? {
          onProgress: ({ activity, subject }) => session.progress.show(`${activity} ${subject}`),
          onCopied: (progress) => session.progress.show("copying", describe(progress)),
        }
      : {}),
  });
  session.progress.clear();
  for (const path of summary.skipped)
    await session.note(`left out: ${path} (no file, folder, or link to somewhere inside)`);
  if (output === "json") return session.out.line(renderJson(summary));
  if (err.isTerminal) await session.note(inWords(summary));
  return undefined;
}

type Copy = (options: CopyOptions) => Promise<CopySummary>;

/** @throws ManagerError SPEC_INVALID unless just one of the two is on a volume. */
function chooseCopy(session: Session, from: string, to: string): Copy {
  const [source, target] = [parseCopyPlace(from), parseCopyPlace(to)];
  if (source.kind !== "volume" && target.kind === "volume") {
    const content = source.kind === "stream" ? session.io.stdin : from;
    if (content === undefined)
      throw new ManagerError("SPEC_INVALID", "There is no standard input to copy from.");
    return async (options) => copyToVolume(await session.context(), content, to, options);
  }
  if (source.kind === "volume" && target.kind !== "volume") {
    const place = target.kind === "stream" ? session.io.stdout : to;
    return async (options) => copyFromVolume(await session.context(), from, place, options);
  }
  throw source.kind === "volume"
    ? new ManagerError("SPEC_INVALID", "Both the source and the destination are on a volume.", {
        hint: "Copy to this machine first.",
      })
    : new ManagerError("SPEC_INVALID", "Neither the source nor the destination is on a volume.", {
        hint: "Write volume:path for one of them, such as juliarun:/data.",
      });
}

function describe({ files, bytes, totalFiles, totalBytes }: CopyProgress): string {
  const size = totalBytes === undefined ? undefined : formatBytes(totalBytes);
  return `${files}${of(totalFiles?.toString())} files, ${formatBytes(bytes)}${of(size)}`;
}

function of(total: string | undefined): string {
  return total === undefined ? "" : ` of ${total}`;
}

function inWords({ files, bytes, target }: CopySummary): string {
  return `copied ${files} ${files === 1 ? "file" : "files"} (${formatBytes(bytes)}) to ${target}`;
}
