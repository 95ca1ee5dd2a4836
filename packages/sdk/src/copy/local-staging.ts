import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { bytesOf, toByteText, type ByteText } from "@juliarun/core";
import { localFailed } from "./copy-failed.ts";

/**
 * A folder for files that are not complete, on the file system of the destination. Its name tells whose it is, so that the next
 * copy to the same place removes what a killed one has left.
 */
export async function makeLocalStaging(target: ByteText): Promise<ByteText> {
  const place = await existingAbove(target);
  const prefix = `.jrun-cp-${createHash("sha256").update(hostname()).digest("hex").slice(0, 8)}-`;
  const staging = `${place}/${prefix}${process.pid}-${randomBytes(4).toString("hex")}`;
  try {
    await removeDead(place, prefix);
    await mkdir(bytesOf(staging), { mode: 0o700 });
  } catch (error) {
    throw localFailed(error, "write to", place);
  }
  return staging;
}

async function existingAbove(target: ByteText): Promise<ByteText> {
  let place = target;
  for (;;) {
    const found = await stat(bytesOf(place === "" ? "/" : place)).catch(() => undefined);
    if (found?.isDirectory() || place === "") return place;
    place = place.slice(0, place.lastIndexOf("/"));
  }
}

async function removeDead(place: ByteText, prefix: string): Promise<void> {
  const names = await readdir(bytesOf(place === "" ? "/" : place), { encoding: "latin1" });
  for (const name of names) {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length).split("-")[0]) : 0;
    if (Number.isInteger(pid) && pid > 0 && !isAlive(pid))
      await rm(bytesOf(`${place}/${name}`), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code !== "ESRCH";
  }
}

/** Path of this machine as bytes, without `/` at its end; the root is empty. */
export function toLocalBytes(path: string): ByteText {
  return toByteText(path).replace(/\/+$/, "");
}
