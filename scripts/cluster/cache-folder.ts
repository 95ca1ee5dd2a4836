import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";

/** The user's folder for what took long to make: `$XDG_CACHE_HOME/juliarun/cluster`, or the same in `~/.cache`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "juliarun", "cluster");
}

/** A folder in {@link cacheFolder}, which is there afterwards. */
export async function ensureCacheFolder(...names: string[]): Promise<string> {
  const folder = join(cacheFolder(), ...names);
  await mkdir(folder, { recursive: true });
  return folder;
}
