import { ManagerError } from "../errors/manager-error.ts";
import { showBytes, type ByteText } from "./byte-text.ts";

/**
 * The path of an archive's entry, as the names of folders and file below the archive's root; empty for the root itself.
 * @throws ManagerError SPEC_INVALID for a name that leads out of the archive, or is none.
 */
export function archivePath(name: ByteText): ByteText[] {
  const parts = name
    .split("/")
    .filter((part, index) => part !== "." && !(part === "" && index > 0));
  if (parts[0] === "" || parts.includes("..") || name.includes("\0")) {
    throw new ManagerError(
      "SPEC_INVALID",
      `What came from the volume has an entry ${JSON.stringify(showBytes(name))}, which leads out of the destination: the copy has stopped.`,
      { hint: "Nothing was written outside the destination. Look at what is on the volume." },
    );
  }
  return parts;
}

/**
 * Whether a symbolic link leads to somewhere inside the copied folder, wherever that folder is. `..` may only stand at its
 * beginning: behind a name that is itself a link it would lead elsewhere than it seems to.
 * @param path - of the link, below the copied folder.
 */
export function staysInside(path: readonly ByteText[], target: ByteText): boolean {
  if (target === "" || target.startsWith("/") || target.includes("\0")) return false;
  const parts = target.split("/").filter((part) => part !== "" && part !== ".");
  const up = parts.findIndex((part) => part !== "..");
  const leading = up < 0 ? parts.length : up;
  return leading < path.length && !parts.slice(leading).includes("..");
}
