export * from "@juliarun/core";
export {
  CONFIG_FILE,
  findConfig,
  type FindConfigOptions,
  type FoundConfig,
} from "./config/find-config.ts";
export { stateFolder } from "./direct/state-folder.ts";
export { init, type InitOptions } from "./init.ts";
export { loadJobTypes } from "./plugins/load-job-types.ts";
