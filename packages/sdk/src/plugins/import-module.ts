import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ImportModule } from "@juliarun/core";

/**
 * What modules of a user's own are made with. They need not install it: what they have themselves comes first, and what is missing
 * is this program's.
 */
const LENT = /^(?:@juliarun\/core|zod)(?:\/|$)/;

/**
 * Imports what a configuration names: paths from the configuration's folder, packages as a program in that folder would. `@juliarun/core`
 * and `zod` are there even where nothing is installed.
 */
export function importFrom(baseDir: string): ImportModule {
  const base = pathToFileURL(join(baseDir, "config.json"));
  return async (specifier) => {
    const isPath = /^(?:\.{1,2}\/|\/|file:)/.test(specifier) || /\.[cm]?[jt]s$/.test(specifier);
    const url = isPath
      ? new URL(specifier, base)
      : pathToFileURL(createRequire(base).resolve(specifier));
    const hooks = lend();
    try {
      return (await import(url.href)) as Readonly<Record<string, unknown>>;
    } finally {
      hooks.deregister();
    }
  };
}

function lend(): ReturnType<typeof registerHooks> {
  return registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!LENT.test(specifier)) throw error;
        // Core depends on zod and knows itself by name.
        const { url } = next("@juliarun/core", { ...context, parentURL: import.meta.url });
        return next(specifier, { ...context, parentURL: url });
      }
    },
  });
}
