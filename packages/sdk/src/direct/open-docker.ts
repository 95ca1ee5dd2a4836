import {
  createDockerBackend,
  type DockerBackend,
  type DockerBackendOptions,
} from "@juliarun/backend-docker";
import { loadRuntimeBundle } from "@juliarun/runtime";
import type { DockerTarget } from "./agent-target.ts";

/** What differs between an agent and a context. */
export type OpenDockerOptions = Pick<
  DockerBackendOptions,
  "env" | "namespace" | "ensureAgent" | "onWarning"
>;

/** Opens the engine that a target names. @throws ManagerError BACKEND_UNREACHABLE, CONFIG_INVALID. */
export async function openDocker(
  target: DockerTarget,
  options: OpenDockerOptions,
): Promise<DockerBackend> {
  return createDockerBackend({ ...target, ...options, runtime: await loadRuntimeBundle() });
}
