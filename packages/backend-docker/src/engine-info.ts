import type { DockerClient } from "./client.ts";
import { isObject } from "./is-object.ts";

/** What does not change while an engine runs. */
export interface EngineInfo {
  /** Identity of the engine's data: kept over restarts, new after a reinstall. */
  readonly id: string;
  readonly version: string;
  readonly machine: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Whether numbers of users inside a container are others outside. */
  readonly userMapping: "none" | "rootless" | "remapped";
  /** Whether a runtime for GPUs is installed; how many there are, the engine does not say. */
  readonly gpuRuntime: boolean;
}

/** @throws ManagerError BACKEND_UNREACHABLE. */
export async function readEngineInfo(
  client: DockerClient,
  signal?: AbortSignal,
): Promise<EngineInfo> {
  const info: unknown = await client.call(
    "to describe itself",
    async (docker) => docker.info() as Promise<unknown>,
    { signal },
  );
  return toEngineInfo(info);
}

/** Reads what is needed of the engine's answer, which has no type of its own. Pure. */
export function toEngineInfo(answer: unknown): EngineInfo {
  const info: Readonly<Record<string, unknown>> = isObject(answer) ? answer : {};
  const security = Array.isArray(info["SecurityOptions"])
    ? info["SecurityOptions"].map(String)
    : [];
  const has = (name: string): boolean =>
    security.some((option) => option.split(",").includes(`name=${name}`));
  return {
    id: text(info["ID"]),
    version: text(info["ServerVersion"]),
    machine: text(info["Name"]),
    cpus: count(info["NCPU"]),
    memoryBytes: count(info["MemTotal"]),
    userMapping: has("rootless") ? "rootless" : has("userns") ? "remapped" : "none",
    gpuRuntime: isObject(info["Runtimes"]) && "nvidia" in info["Runtimes"],
  };
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const count = (value: unknown): number => (typeof value === "number" ? value : 0);
