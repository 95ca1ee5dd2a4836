import { ManagerError } from "../errors/manager-error.ts";
import { toByteText, type ByteText } from "./byte-text.ts";

/** A path that was given as where to copy from or to. */
export interface CopyPath {
  /** Names of folders and file, from the volume's root; empty: the root itself. */
  readonly parts: readonly ByteText[];
  /** It ended with `/`: it is meant to be a folder. */
  readonly folder: boolean;
  /** It ended with `/.`: the folder's content is meant, not the folder. */
  readonly contents: boolean;
}

/** What an argument of `jrun cp` names. */
export type CopyPlace =
  | { readonly kind: "stream" }
  | ({ readonly kind: "local"; readonly path: string } & Pick<CopyPath, "folder" | "contents">)
  | ({ readonly kind: "volume"; readonly volume: string } & CopyPath);

/**
 * What an argument names: `-` a stream, `volume:path` a place on a volume, anything else a path of this machine. What has a `/`
 * before its first colon is a path, so that every file can be named: `./a:b`.
 * @throws ManagerError SPEC_INVALID for an empty one, or a path that leads out of its volume.
 */
export function parseCopyPlace(text: string): CopyPlace {
  if (text === "") throw new ManagerError("SPEC_INVALID", "A path to copy is empty.");
  if (text.includes("\0")) throw new ManagerError("SPEC_INVALID", "A path has a NUL byte in it.");
  if (text === "-") return { kind: "stream" };
  const [, volume, path] = /^([^/:]+):(?!\\)(.*)$/s.exec(text) ?? [];
  const meaning = { folder: /\/\.?$/.test(text), contents: /(^|\/)\.$/.test(text) };
  if (volume === undefined || path === undefined) return { kind: "local", path: text, ...meaning };
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) {
    throw new ManagerError("SPEC_INVALID", `The path ${JSON.stringify(text)} has .. in it.`, {
      hint: "Write the path from the volume's root on.",
    });
  }
  const whole = parts.length === 0;
  return {
    kind: "volume",
    volume,
    parts: parts.map(toByteText),
    folder: meaning.folder || whole,
    contents: /(^|\/)\.$/.test(path),
  };
}
