export * from "./cluster-node.ts";
export * from "./ensure-cluster.ts";
export * from "./find-cluster.ts";
export * from "./kind-cluster.ts";
export * from "./kind.ts";
export * from "./kubectl.ts";
export * from "./node-image.ts";
