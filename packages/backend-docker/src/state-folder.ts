import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname, userInfo } from "node:os";
import { join, resolve } from "node:path";

/** Where the records of one engine's jobs are: engines never share them. */
export function engineFolder(stateDir: string, engineId: string): string {
  return join(stateDir, engineId.replaceAll(/[^\w.-]/g, "-"));
}

/**
 * A mark for the containers of one state folder, for engines that several people share: the same again when the folder's
 * content was lost.
 */
export function folderOwner(folder: string): string {
  const parts = [machineId(), userInfo().uid, resolve(folder)];
  return createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);
}

/** A host name may change with the network. */
function machineId(): string {
  try {
    return readFileSync("/etc/machine-id", "utf8").trim();
  } catch {
    return hostname();
  }
}
