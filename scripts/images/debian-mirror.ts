import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isDebian } from "../engine/debian.ts";

const defaultMirror = "http://deb.debian.org/debian";

/** The Debian mirror that this machine's apt uses, or Debian's own. */
export async function debianMirror(folder = "/etc/apt"): Promise<string> {
  if (!(await isDebian())) return defaultMirror;
  const parts = join(folder, "sources.list.d");
  const names = (await readdir(parts).catch((): string[] => [])).toSorted();
  for (const path of [join(folder, "sources.list"), ...names.map((name) => join(parts, name))]) {
    const text = await readFile(path, "utf8").catch(() => "");
    const mirror = path.endsWith(".sources") ? mirrorOfStanzas(text) : mirrorOfLines(text);
    if (mirror !== undefined) return mirror;
  }
  return defaultMirror;
}

/** The first Debian archive in a deb822 file (`*.sources`). */
export function mirrorOfStanzas(text: string): string | undefined {
  for (const stanza of text.split(/\n\s*\n/)) {
    const field = (name: string) => new RegExp(`^${name}:(.*)$`, "im").exec(stanza)?.[1]?.trim();
    if (field("Enabled") === "no" || !field("Types")?.split(/\s+/).includes("deb")) continue;
    const mirror = field("URIs")?.split(/\s+/).find(isArchive);
    if (mirror !== undefined) return withoutSlash(mirror);
  }
  return undefined;
}

/** The first Debian archive in an old `sources.list`. */
export function mirrorOfLines(text: string): string | undefined {
  for (const line of text.split("\n")) {
    const mirror = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)/.exec(line)?.[1];
    if (mirror !== undefined && isArchive(mirror)) return withoutSlash(mirror);
  }
  return undefined;
}

// The security archive has updates only, and other vendors' archives have no Debian in them.
function isArchive(uri: string): boolean {
  return /^https?:\/\/.*\/debian\/?$/.test(uri);
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/$/, "");
}
