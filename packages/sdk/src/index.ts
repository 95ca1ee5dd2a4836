export * from "@juliarun/core";
export {
  CONFIG_FILE,
  findConfig,
  type FindConfigOptions,
  type FoundConfig,
} from "./config/find-config.ts";
export { copyFromVolume } from "./copy/copy-from-volume.ts";
export type { CopyOptions, CopyProgress, CopySummary } from "./copy/copy-options.ts";
export { copyToVolume } from "./copy/copy-to-volume.ts";
export { stateFolder } from "./direct/state-folder.ts";
export { init, type InitOptions } from "./init.ts";
export { loadJobTypes } from "./plugins/load-job-types.ts";
