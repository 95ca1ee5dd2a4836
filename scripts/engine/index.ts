export * from "./debian.ts";
export * from "./ensure-engine.ts";
export * from "./find-engine.ts";
export * from "./start-dockerd.ts";
