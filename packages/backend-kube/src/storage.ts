import { ManagerError, type VolumeSource } from "@juliarun/core";
import type {
  V1Endpoints,
  V1ObjectReference,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
} from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import { statusOf } from "./errors.ts";
import {
  isStorageSource,
  toGlusterEndpoints,
  toPersistentVolume,
  toPersistentVolumeClaim,
  type StorageSource,
} from "./manifests/persistent-volume.ts";

/** An object that a configured volume needs in the cluster. */
export type StorageObject = V1PersistentVolume | V1PersistentVolumeClaim | V1Endpoints;

/** What became of an object. */
export interface AppliedObject {
  readonly kind: string;
  readonly name: string;
  readonly change: "created" | "changed" | "unchanged";
}

const PLURALS: Readonly<Record<string, string>> = {
  PersistentVolume: "persistentvolumes",
  PersistentVolumeClaim: "persistentvolumeclaims",
  Endpoints: "endpoints",
};
/** Whose fields they are in server-side apply. */
const FIELD_MANAGER = "juliarun";

/**
 * The objects of those volumes that pods mount through a claim, in the order in which they are to be made; hostpath, scratch
 * and gitrepo volumes need none. Pure.
 * @param only - names of volumes; all where absent.
 * @throws ManagerError VOLUME_NOT_FOUND for a name that is not configured, SPEC_INVALID for a kind that needs no objects.
 */
export function storageObjects(
  namespace: string,
  volumes: Readonly<Record<string, VolumeSource>>,
  only?: readonly string[],
): StorageObject[] {
  const names = only ?? Object.keys(volumes);
  return names.flatMap((name) => {
    const source = volumes[name];
    if (!source) throw unknownVolume(name, volumes);
    if (isStorageSource(source)) return volumeObjects(namespace, name, source);
    if (!only) return [];
    throw new ManagerError(
      "SPEC_INVALID",
      `The volume ${name} is of kind ${source.kind}: pods mount it as it is.`,
      { hint: "Name volumes of nfs, glusterfs, azurefs, azuredisk, gce or ebs only." },
    );
  });
}

/**
 * Makes these objects, or changes them, by server-side apply. May be repeated. Volumes keep their data, also when they are removed.
 * @throws ManagerError STATE_CONFLICT for a volume that is there and leads elsewhere, FORBIDDEN, BACKEND_UNREACHABLE.
 */
export async function applyStorage(
  client: KubeClient,
  objects: readonly StorageObject[],
  signal?: AbortSignal,
): Promise<AppliedObject[]> {
  const applied: AppliedObject[] = [];
  for (const object of objects) applied.push(await applyObject(client, object, signal));
  return applied;
}

function volumeObjects(namespace: string, name: string, source: StorageSource): StorageObject[] {
  return [
    ...(source.kind === "glusterfs" ? [toGlusterEndpoints(namespace, name, source)] : []),
    toPersistentVolume(namespace, name, source),
    toPersistentVolumeClaim(namespace, name, source),
  ];
}

function unknownVolume(
  name: string,
  volumes: Readonly<Record<string, VolumeSource>>,
): ManagerError {
  const known = Object.keys(volumes).join(", ");
  return new ManagerError("VOLUME_NOT_FOUND", `There is no volume ${name} in the configuration.`, {
    hint: `Its \`storage\` has ${known || "no volumes"}.`,
    details: { volume: name },
  });
}

async function applyObject(
  client: KubeClient,
  object: StorageObject,
  signal?: AbortSignal,
): Promise<AppliedObject> {
  const path = storagePath(object);
  const before = await client.find<StorageObject>(path, { signal });
  const wanted = await keepBinding(client, object, before, signal);
  const after = await patch(client, path, wanted, signal);
  const change = !before ? "created" : content(before) === content(after) ? "unchanged" : "changed";
  return { kind: object.kind ?? "", name: object.metadata?.name ?? "", change };
}

/** What applying may change: the cluster itself changes the rest at any time. */
function content({ metadata, ...rest }: StorageObject): string {
  const spec = "spec" in rest ? rest.spec : undefined;
  const subsets = "subsets" in rest ? rest.subsets : undefined;
  return JSON.stringify({ labels: metadata?.labels, spec, subsets });
}

async function patch(
  client: KubeClient,
  path: string,
  object: StorageObject,
  signal?: AbortSignal,
): Promise<StorageObject> {
  const query = { fieldManager: FIELD_MANAGER, force: true };
  try {
    return await client.patch<StorageObject>(path, object, "apply", { query, signal });
  } catch (error) {
    // Where a volume leads cannot be changed.
    if (statusOf(error) !== 422) throw error;
    const { kind, metadata } = object;
    throw new ManagerError(
      "STATE_CONFLICT",
      `The ${kind} ${metadata?.name} is there already and cannot be changed to what the configuration says: ${error instanceof Error ? error.message : ""}`,
      {
        cause: error,
        hint: `Give the volume another name, or delete its PersistentVolumeClaim and PersistentVolume when no job uses it: its data stays.`,
      },
    );
  }
}

/**
 * The reference to the claim is one value, which the cluster completes when it binds the two; applying it without its uid would
 * unbind them. That of a claim which is gone is left out, so that a new claim can be bound.
 */
async function keepBinding(
  client: KubeClient,
  wanted: StorageObject,
  before: StorageObject | undefined,
  signal?: AbortSignal,
): Promise<StorageObject> {
  const bound = claimOf(before);
  const claimRef = claimOf(wanted);
  if (bound?.uid === undefined || !claimRef) return wanted;
  if (bound.name !== claimRef.name || bound.namespace !== claimRef.namespace) return wanted;
  const path = client.path("persistentvolumeclaims", claimRef.name);
  const claim = await client.find<V1PersistentVolumeClaim>(path, { signal });
  if (claim?.metadata?.uid !== bound.uid) return wanted;
  const kept = structuredClone(wanted);
  const { spec } = kept as V1PersistentVolume;
  if (spec) spec.claimRef = bound;
  return kept;
}

function claimOf(object: StorageObject | undefined): V1ObjectReference | undefined {
  return object && "spec" in object && object.spec && "claimRef" in object.spec
    ? object.spec.claimRef
    : undefined;
}

function storagePath({ kind, metadata }: StorageObject): string {
  const { namespace, name = "" } = metadata ?? {};
  const place = namespace === undefined ? [] : ["namespaces", encodeURIComponent(namespace)];
  return ["/api/v1", ...place, PLURALS[kind ?? ""] ?? "", encodeURIComponent(name)].join("/");
}
