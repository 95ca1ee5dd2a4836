import { ManagerError } from "../errors/manager-error.ts";
import { showBytes, type ByteText } from "./byte-text.ts";

/** What is at a path. */
export type PathKind = "none" | "file" | "folder" | "other";

/** What decides where a copy goes. */
export interface CopyTargetInput {
  /** A stream is a file without a name. */
  readonly source: { readonly kind: "file" | "folder"; readonly name: ByteText | undefined };
  /** The content of the source folder is copied, not the folder. */
  readonly contents: boolean;
  /** What is at the destination now. */
  readonly destination: PathKind;
  /** The destination was written with `/` at its end. */
  readonly folder: boolean;
  /** The destination, for messages. */
  readonly shown: string;
}

/**
 * Where a copy goes, by the rule of `cp -r`: into a folder that exists, under its own name; else it becomes what the destination
 * names. Content (`folder/.`) goes directly into the folder that the destination names.
 * @returns the name to append to the destination; undefined: the destination itself.
 * @throws ManagerError SPEC_INVALID when a file is in the way, or there is no name.
 */
export function copyTarget(input: CopyTargetInput): ByteText | undefined {
  const { source, contents, destination, folder, shown } = input;
  if (destination === "other") throw inTheWay(shown, "neither a file nor a folder");
  if (destination === "file" && (source.kind === "folder" || folder))
    throw inTheWay(shown, "a file, not a folder");
  if (source.kind === "folder" && contents) return undefined;
  const into = destination === "folder" || (folder && source.kind === "file");
  if (!into) return undefined;
  if (source.name !== undefined) return source.name;
  throw new ManagerError("SPEC_INVALID", `${shown} is a folder; what is copied has no name.`, {
    hint: "Name the file that it shall become.",
  });
}

function inTheWay(shown: string, is: string): ManagerError {
  return new ManagerError("SPEC_INVALID", `${shown} is ${is}.`, {
    hint: "Name another destination, or remove what is there.",
  });
}

/** The error for something inside the destination that is in the way. */
export function blocked(name: ByteText, is: "folder" | "file" | "link"): ManagerError {
  const what = { folder: "a folder", file: "a file", link: "a symbolic link" }[is];
  return new ManagerError(
    "SPEC_INVALID",
    `${showBytes(name)} of the destination is ${what}, and something else would come in its place.`,
    { hint: "Remove it, or copy to another destination." },
  );
}
