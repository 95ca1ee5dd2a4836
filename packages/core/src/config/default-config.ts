import { toConfig } from "./check-config.ts";
import type { Config } from "./config-schema.ts";

/** Name of the volume that comes with the default configuration and with `jrun init`. */
export const DEFAULT_VOLUME = "juliarun";

/**
 * The configuration where no file is named: the local Docker Engine, the folder `./juliarun` as volume `juliarun`,
 * and the image `julia:1`. Its relative path is meant from the current directory.
 */
export function defaultConfig(): Config {
  return toConfig({
    clustertype: "Docker",
    storage: { hostpath: [{ name: DEFAULT_VOLUME, path: `./${DEFAULT_VOLUME}` }] },
    images: { julia: { image: "julia:1" } },
  });
}
