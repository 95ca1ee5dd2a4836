import {
  createDockerBackend,
  type DockerBackend,
  type DockerBackendOptions,
} from "@juliarun/backend-docker";
import { Registries } from "@juliarun/core";
import { loadRuntimeBundle } from "@juliarun/runtime";
import { secretSource } from "../config/secret-source.ts";
import type { DockerTarget } from "./agent-target.ts";

/** What differs between an agent and a context. */
export type OpenDockerOptions = Pick<
  DockerBackendOptions,
  "env" | "namespace" | "quotas" | "ensureAgent" | "onWarning"
>;

/** Opens the engine that a target names. @throws ManagerError BACKEND_UNREACHABLE, CONFIG_INVALID. */
export async function openDocker(
  { registries, ...target }: DockerTarget,
  options: OpenDockerOptions,
): Promise<DockerBackend> {
  return createDockerBackend({
    ...target,
    ...options,
    registries: new Registries(registries, secretSource(target.stateDir, options.env)),
    runtime: await loadRuntimeBundle(),
  });
}
