import { resolve } from "node:path";
import {
  parseCpu,
  parseMemory,
  type Capacity,
  type Config,
  type RegistrySource,
} from "@juliarun/core";

/** What one agent acts for. */
export type AgentTarget = DockerTarget | KubeTarget;

/** A Docker Engine, with all its namespaces. */
export interface DockerTarget {
  readonly kind: "docker";
  readonly stateDir: string;
  /** `compute.docker` of the configuration. */
  readonly host?: string;
  readonly context?: string;
  /** `compute.capacity` of the configuration. */
  readonly capacity: Partial<Capacity>;
  /** `registries` of the configuration, files by absolute paths. */
  readonly registries: Readonly<Record<string, RegistrySource>>;
  /** Environment variables with the tokens of the configuration's repositories. */
  readonly tokenVariables: readonly string[];
}

/** One namespace of a Kubernetes cluster. */
export interface KubeTarget {
  readonly kind: "kubernetes";
  readonly stateDir: string;
  readonly namespace: string;
  readonly config: Config;
  /** Absolute folder that the configuration's relative paths are meant from. */
  readonly baseDir: string;
}

/**
 * What a configuration says of the Docker Engine that it means.
 * @param baseDir - absolute folder that the configuration's relative paths are meant from.
 */
export function dockerTarget(
  { compute, registries, storage }: Pick<Config, "compute" | "registries" | "storage">,
  stateDir: string,
  baseDir: string,
): DockerTarget {
  const { host, context } = compute.docker;
  const { cpu, memory, gpu } = compute.capacity;
  return {
    kind: "docker",
    stateDir,
    ...(host === undefined ? {} : { host }),
    ...(context === undefined ? {} : { context }),
    capacity: {
      ...(cpu === undefined ? {} : { cpuMillis: parseCpu(cpu) }),
      ...(memory === undefined ? {} : { memoryBytes: parseMemory(memory) }),
      ...(gpu === undefined ? {} : { gpus: gpu }),
    },
    registries: Object.fromEntries(
      Object.entries(registries).map(([name, source]) => [name, withAbsolutePath(source, baseDir)]),
    ),
    tokenVariables: storage.gitrepo.flatMap(({ credential }) =>
      typeof credential === "object" && "env" in credential ? [credential.env] : [],
    ),
  };
}

function withAbsolutePath(source: RegistrySource, baseDir: string): RegistrySource {
  const { password } = source;
  if (!password || !("file" in password)) return source;
  return { ...source, password: { file: resolve(baseDir, password.file) } };
}
