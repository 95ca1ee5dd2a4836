import { readFile } from "node:fs/promises";
import type { AuthInput } from "@juliarun/backend-kube";
import type { Config } from "@juliarun/core";

/** Where a client finds its cluster: the configuration names a kubeconfig. */
export function kubeAuth(config: Config): AuthInput {
  const secrets = {
    readFile: async (path: string) => readFile(path, "utf8"),
    env: () => undefined,
  };
  return { config, baseDir: "/", env: {}, secrets };
}
