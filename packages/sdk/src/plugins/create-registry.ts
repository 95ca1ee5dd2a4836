import { PluginRegistry } from "@juliarun/core";
import { importFrom } from "./import-module.ts";

/** The plugins that come with this program; each is imported when a configuration names it. */
export function createRegistry(baseDir: string): PluginRegistry {
  const registry = new PluginRegistry(importFrom(baseDir));
  registry.register(
    "backend",
    "docker",
    async () => (await import("./docker-plugin.ts")).createDocker,
  );
  registry.register(
    "backend",
    "kubernetes",
    async () => (await import("./kube-plugin.ts")).createKubernetes,
  );
  registry.register(
    "backend",
    "memory",
    async () => (await import("./memory-plugin.ts")).createMemory,
  );
  return registry;
}
