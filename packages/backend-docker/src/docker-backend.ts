import {
  UnitBackend,
  type Capacity,
  type Quota,
  type Registries,
  type RuntimeBundle,
  type UnitClusterParts,
} from "@juliarun/core";
import { join } from "node:path";
import { DockerClient } from "./client.ts";
import { DockerEngine } from "./docker-engine.ts";
import { resolveDockerHost, type DockerHostOptions } from "./docker-host.ts";
import { DockerLogger } from "./docker-logger.ts";
import { readEngineInfo } from "./engine-info.ts";
import { SqliteLease } from "./sqlite-lease.ts";
import { SqliteRecordStore } from "./sqlite-record-store.ts";
import { engineFolder, folderOwner } from "./state-folder.ts";

/** Which engine, and what to run on it. */
export interface DockerBackendOptions extends DockerHostOptions {
  readonly namespace: string;
  /** Folder for records; each engine has one of its own in it. Made where missing. */
  readonly stateDir: string;
  /** What is mounted into Julia containers. */
  readonly runtime: RuntimeBundle;
  /** What jobs may use in all; what is absent is the machine's, but no GPUs. */
  readonly capacity?: Partial<Capacity>;
  /** What unfinished jobs may have together, by namespace. */
  readonly quotas?: Readonly<Record<string, Quota>>;
  /** Credentials of registries, before those that `docker login` left. */
  readonly registries?: Registries;
  /** Makes sure that somebody acts after this process has ended; called after every change that needs acting upon. */
  readonly ensureAgent?: (site: DockerSite) => Promise<void>;
  /** Told of what a person should know, such as a damaged record file; kept in {@link DockerBackend.warnings} too. */
  readonly onWarning?: (message: string) => void;
}

/** Where the processes that act for one engine meet. */
export interface DockerSite {
  /** The engine's folder in the state folder, for an agent's own files. Exists. */
  readonly folder: string;
  /** Held by the background agent while it lives. */
  readonly agentLease: SqliteLease;
  /** The mark of this folder's containers, see `LABEL.owner`. */
  readonly owner: () => string;
}

/** A backend for the Docker Engine, and what an agent needs beside it. */
export interface DockerBackend extends DockerSite {
  readonly backend: UnitBackend;
  readonly warnings: readonly string[];
}

/**
 * Opens an engine and its records. Closing the backend closes everything.
 * @throws ManagerError BACKEND_UNREACHABLE when the engine does not answer, CONFIG_INVALID for an address or a context
 * that means nothing.
 */
export async function createDockerBackend(options: DockerBackendOptions): Promise<DockerBackend> {
  const { parts, ...site } = await openDockerParts(options);
  return { backend: new UnitBackend({ ...parts, namespace: options.namespace }), ...site };
}

/** The parts that {@link createDockerBackend} composes. */
export async function openDockerParts(
  options: DockerBackendOptions,
): Promise<DockerSite & { parts: UnitClusterParts; warnings: readonly string[] }> {
  const client = new DockerClient(resolveDockerHost(options));
  const info = await readEngineInfo(client);
  const folder = engineFolder(options.stateDir, info.id);
  const warnings: string[] = [];
  const onWarning = (message: string): void => {
    warnings.push(message);
    options.onWarning?.(message);
  };
  const capacity = {
    cpuMillis: info.cpus * 1000,
    memoryBytes: info.memoryBytes,
    gpus: 0,
    ...options.capacity,
  };
  const lease = new SqliteLease({ file: join(folder, "leases.sqlite"), name: "actor" });
  const agentLease = new SqliteLease({ file: join(folder, "leases.sqlite"), name: "agent" });
  const store = new SqliteRecordStore({
    file: join(folder, "records.sqlite"),
    owner: folderOwner(folder),
    recover: async () => engine.recover(),
    onWarning,
  });
  const engine = new DockerEngine({
    client,
    owner: () => store.owner(),
    env: options.env,
    ...(options.registries ? { registries: options.registries } : {}),
    runtime: options.runtime,
    capacity,
    onClose: async () => {
      await lease.close();
      await agentLease.close();
    },
  });
  const logger = new DockerLogger(client, store);
  const site = { folder, agentLease, owner: () => store.owner() };
  const { ensureAgent } = options;
  return {
    parts: {
      store,
      lease,
      engine,
      logger,
      capacity,
      ...(options.quotas ? { quotas: options.quotas } : {}),
      ...(ensureAgent ? { ensureAgent: async () => ensureAgent(site) } : {}),
    },
    ...site,
    warnings,
  };
}
