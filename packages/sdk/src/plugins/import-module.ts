import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ImportModule } from "@juliarun/core";

/** Imports what a configuration names: paths from the configuration's folder, packages as a program in that folder would. */
export function importFrom(baseDir: string): ImportModule {
  const base = pathToFileURL(join(baseDir, "config.json"));
  return async (specifier) => {
    const isPath = /^(?:\.{1,2}\/|\/|file:)/.test(specifier) || /\.[cm]?[jt]s$/.test(specifier);
    const url = isPath
      ? new URL(specifier, base)
      : pathToFileURL(createRequire(base).resolve(specifier));
    return (await import(url.href)) as Readonly<Record<string, unknown>>;
  };
}
