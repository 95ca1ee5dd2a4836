import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  defaultConfig,
  ManagerError,
  parseConfig,
  toConfig,
  type Config,
  type ConfigInput,
} from "@juliarun/core";

/** File that is used from the current directory where `JRUN_CONFIG` names none. */
export const CONFIG_FILE = "config.json";

/** Where to look for a configuration. */
export interface FindConfigOptions {
  /** A file's path, or a configuration itself, in place of all searching. */
  readonly config?: string | ConfigInput | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** A configuration and where it came from. */
export interface FoundConfig {
  readonly config: Config;
  /** Absolute path; undefined: an object, or the default configuration. */
  readonly file?: string;
  /** Absolute folder that the configuration's relative paths are meant from. */
  readonly baseDir: string;
}

/**
 * The configuration: what is given, else the file that `JRUN_CONFIG` names, else `config.json` in the current directory,
 * else the default (Docker, the folder `juliarun` as volume).
 * @throws ManagerError CONFIG_INVALID when the file cannot be read or is wrong.
 */
export async function findConfig({ config, env, cwd }: FindConfigOptions): Promise<FoundConfig> {
  if (typeof config === "object") return { config: toConfig(config), baseDir: cwd };
  const named = config ?? (env["JRUN_CONFIG"] || undefined);
  const file = resolve(cwd, named ?? CONFIG_FILE);
  const text = await readConfig(file, named === undefined);
  if (text === undefined) return { config: defaultConfig(), baseDir: cwd };
  return {
    config: parseConfig(text, { filename: named ?? CONFIG_FILE }),
    file,
    baseDir: dirname(file),
  };
}

async function readConfig(file: string, optional: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (optional && code === "ENOENT") return undefined;
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${String(code)})`;
    throw new ManagerError("CONFIG_INVALID", `The configuration file ${file} ${reason}.`, {
      hint: "Correct JRUN_CONFIG or --config, or make a file with `jrun init`.",
      cause: error,
    });
  }
}
