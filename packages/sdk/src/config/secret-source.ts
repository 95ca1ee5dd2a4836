import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { SecretSource } from "@juliarun/core";

/** Secrets from files, relative ones from the configuration's folder, and from environment variables. */
export function secretSource(
  baseDir: string,
  env: Readonly<Record<string, string | undefined>>,
): SecretSource {
  return {
    readFile: (path) => readFile(resolve(baseDir, path), "utf8"),
    env: (name) => env[name],
  };
}
