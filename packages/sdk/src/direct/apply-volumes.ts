import {
  applyStorage,
  KubeClient,
  storageObjects,
  type AppliedObject,
  type StorageObject,
} from "@juliarun/backend-kube";
import { findPlugin, ManagerError, volumeSources } from "@juliarun/core";
import { findConfig, type FindConfigOptions, type FoundConfig } from "../config/find-config.ts";
import { secretSource } from "../config/secret-source.ts";

/** Which volumes of which configuration. */
export interface VolumeOptions extends FindConfigOptions {
  /** The configuration's where absent. */
  readonly namespace?: string | undefined;
  /** Names of volumes; all that need something in the cluster where absent. */
  readonly volumes?: readonly string[] | undefined;
  readonly signal?: AbortSignal;
}

/**
 * The objects that configured volumes need in a Kubernetes cluster; the cluster is not asked.
 * @throws ManagerError CAPABILITY_UNSUPPORTED for another cluster type, VOLUME_NOT_FOUND, SPEC_INVALID, CONFIG_INVALID.
 */
export async function planVolumes(options: VolumeOptions): Promise<StorageObject[]> {
  return toObjects(await findConfig(options), options);
}

/** Makes those objects, or changes them; may be repeated. @throws ManagerError as {@link planVolumes}, FORBIDDEN, STATE_CONFLICT, BACKEND_UNREACHABLE. */
export async function applyVolumes(options: VolumeOptions): Promise<AppliedObject[]> {
  const { env, namespace, signal } = options;
  const found = await findConfig(options);
  const objects = toObjects(found, options);
  const { config, baseDir } = found;
  const auth = { config, baseDir, env, secrets: secretSource(baseDir, env) };
  const client = await KubeClient.open(auth, namespace ?? config.compute.namespace);
  try {
    return await applyStorage(client, objects, signal);
  } finally {
    client.close();
  }
}

function toObjects(
  { config, baseDir }: FoundConfig,
  { namespace, volumes }: VolumeOptions,
): StorageObject[] {
  const backend = findPlugin("backend", config.clustertype);
  if (backend?.type === "built-in" && backend.id === "kubernetes") {
    const sources = volumeSources(config.storage, baseDir);
    return storageObjects(namespace ?? config.compute.namespace, sources, volumes);
  }
  throw new ManagerError(
    "CAPABILITY_UNSUPPORTED",
    `The clustertype ${config.clustertype} has no volumes that must be made beforehand.`,
    { hint: "`jrun storage apply` is for Kubernetes." },
  );
}
