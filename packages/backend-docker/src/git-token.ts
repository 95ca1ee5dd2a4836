import { readFile } from "node:fs/promises";
import { ManagerError, resolveSecret, type GitSource } from "@juliarun/core";
import type { DockerHostOptions } from "./docker-host.ts";

/**
 * The token for a private repository, read where it lies whenever it is needed: it is kept nowhere. Undefined for a repository
 * without a credential.
 * @throws ManagerError CAPABILITY_UNSUPPORTED for the name of a cluster's secret, CONFIG_INVALID for one that cannot be read.
 */
export async function readGitToken(
  volume: string,
  { credential }: Pick<GitSource, "credential">,
  env: DockerHostOptions["env"],
): Promise<string | undefined> {
  if (credential === undefined) return undefined;
  if (typeof credential === "string") {
    throw new ManagerError(
      "CAPABILITY_UNSUPPORTED",
      `Volume ${volume} names the secret ${credential}: the Docker Engine keeps no secrets.`,
      {
        hint: 'Name a file with the token, { "file": "path" }, or a variable, { "env": "NAME" }.',
        details: { volume },
      },
    );
  }
  return resolveSecret(credential, `The credential of volume ${volume}`, {
    readFile: async (path) => readFile(path, "utf8"),
    env: (name) => env[name],
  });
}
