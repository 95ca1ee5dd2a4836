export { loadRuntimeBundle } from "./load-runtime-bundle.ts";
