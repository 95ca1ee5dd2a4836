import { isManagerError, type VolumeSource } from "@juliarun/core";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import { isStorageSource, volumeClaimName } from "./manifests/persistent-volume.ts";
import {
  CLUSTER_RIGHTS,
  JOB_RIGHTS,
  missingRights,
  OPTIONAL_RIGHTS,
  type MissingRight,
} from "./rights.ts";

/** The oldest Kubernetes whose Jobs count the restarts of each unit by default. */
const OLDEST_MINOR = 29;

/** What a volume's claim looks like; `unknown` without the right to see it. */
export type ClaimState = "bound" | "unbound" | "missing" | "unknown";

/** What there is to know of a cluster and of one namespace of it. */
export interface ClusterFacts {
  readonly address: string;
  readonly namespace: string;
  /** Such as `v1.34.4`. */
  readonly version: string;
  /** The oldest version that is enough, where this one is not. */
  readonly needsVersion?: string;
  /** Undefined without the right to see it. */
  readonly namespaceExists?: boolean;
  /** Rights that jobs need. */
  readonly missing: readonly MissingRight[];
  /** Rights without which less is shown. */
  readonly missingOptional: readonly MissingRight[];
  /** Whether resource use can be read. */
  readonly metrics: boolean;
  /** Of the volumes that pods mount through a claim. */
  readonly claims: readonly { readonly volume: string; readonly state: ClaimState }[];
}

/** Looks at a cluster without changing anything. @throws ManagerError BACKEND_UNREACHABLE, UNAUTHENTICATED. */
export async function examineCluster(
  client: KubeClient,
  volumes: Readonly<Record<string, VolumeSource>>,
  signal?: AbortSignal,
): Promise<ClusterFacts> {
  const { major, minor, gitVersion } = await client.get<{
    readonly major: string;
    readonly minor: string;
    readonly gitVersion: string;
  }>("/version", { signal });
  const enough = Number(major) > 1 || Number.parseInt(minor, 10) >= OLDEST_MINOR;
  const [namespaceExists, missing, optional, ofCluster, metrics, claims] = await Promise.all([
    hasNamespace(client, signal),
    missingRights(client, JOB_RIGHTS, "namespace", signal),
    missingRights(client, OPTIONAL_RIGHTS, "namespace", signal),
    missingRights(client, CLUSTER_RIGHTS, "cluster", signal),
    hasMetrics(client, signal),
    findClaims(client, volumes, signal),
  ]);
  return {
    address: client.address,
    namespace: client.namespace,
    version: gitVersion,
    ...(enough ? {} : { needsVersion: `v1.${OLDEST_MINOR}` }),
    ...(namespaceExists === undefined ? {} : { namespaceExists }),
    missing,
    missingOptional: [...optional, ...ofCluster],
    metrics,
    claims,
  };
}

async function hasNamespace(
  client: KubeClient,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  return ifAllowed(async () => {
    const path = `/api/v1/namespaces/${encodeURIComponent(client.namespace)}`;
    return (await client.find(path, { signal })) !== undefined;
  });
}

/** Whether somebody answers for that part of the API at all. */
async function hasMetrics(client: KubeClient, signal?: AbortSignal): Promise<boolean> {
  try {
    return (await client.find("/apis/metrics.k8s.io/v1beta1", { signal })) !== undefined;
  } catch (error) {
    // Registered, but its server is down.
    if (isManagerError(error, "BACKEND_UNREACHABLE") || isManagerError(error, "FORBIDDEN"))
      return false;
    throw error;
  }
}

async function findClaims(
  client: KubeClient,
  volumes: Readonly<Record<string, VolumeSource>>,
  signal?: AbortSignal,
): Promise<ClusterFacts["claims"]> {
  const names = Object.entries(volumes).flatMap(([name, source]) =>
    isStorageSource(source) ? [name] : [],
  );
  return Promise.all(
    names.map(async (volume) => {
      const path = client.path("persistentvolumeclaims", volumeClaimName(volume));
      const state = await ifAllowed(async () => {
        const claim = await client.find<V1PersistentVolumeClaim>(path, { signal });
        if (!claim) return "missing";
        return claim.status?.phase === "Bound" ? "bound" : "unbound";
      });
      return { volume, state: state ?? "unknown" };
    }),
  );
}

/** Undefined without the right. */
async function ifAllowed<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (isManagerError(error, "FORBIDDEN")) return undefined;
    throw error;
  }
}
