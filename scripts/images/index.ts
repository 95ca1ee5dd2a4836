export * from "./build-image.ts";
export * from "./debian-mirror.ts";
export * from "./ensure-image.ts";
export * from "./image-tag.ts";
export * from "./julia-image.ts";
export * from "./pull-image.ts";
export * from "./recipe.ts";
export * from "./recipes.ts";
