import type { ImageSource, PlanContext } from "../job-types/job-type.ts";
import type { Config } from "./config-schema.ts";
import { volumeSources } from "./volume-sources.ts";

/** What a plan depends on beside the configuration. */
export interface PlanContextOptions {
  /** Absolute folder that relative host paths are meant from: the configuration file's. */
  readonly baseDir: string;
  /** Default: the configuration's `compute.namespace`. */
  readonly namespace?: string;
}

/** What of a configuration plans may depend on. */
export function planContext(
  config: Config,
  { baseDir, namespace }: PlanContextOptions,
): PlanContext {
  const images = Object.entries(config.images).map(
    ([name, { image, executable, juliaver, user }]): [string, ImageSource] => [
      name,
      {
        image,
        executable,
        ...(juliaver === undefined ? {} : { juliaver }),
        ...(user === undefined ? {} : { user }),
      },
    ],
  );
  return {
    namespace: namespace ?? config.compute.namespace,
    images: Object.fromEntries(images),
    volumes: volumeSources(config.storage, baseDir),
    packages: config.packages,
    ...(config.projectcache === undefined ? {} : { projectCache: config.projectcache }),
    ...(config.server.url === undefined ? {} : { serverUrl: config.server.url }),
  };
}
