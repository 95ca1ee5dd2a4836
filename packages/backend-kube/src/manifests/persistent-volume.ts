import { formatMemory, type VolumeSource } from "@juliarun/core";
import type {
  V1Endpoints,
  V1ObjectMeta,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1PersistentVolumeSpec,
} from "@kubernetes/client-node";
import { COMPONENT, LABEL, MANAGER } from "./labels.ts";

/** Volumes that an administrator makes: Pod Security refuses them inside a pod, and PersistentVolumes are the cluster's. */
export type StorageSource = Exclude<VolumeSource, { kind: "hostpath" | "scratch" | "gitrepo" }>;

/** Where a PersistentVolume's data lives. */
type StorageFields = Pick<
  V1PersistentVolumeSpec,
  "nfs" | "glusterfs" | "azureFile" | "azureDisk" | "gcePersistentDisk" | "awsElasticBlockStore"
>;

/** A PersistentVolume must have a size, also where the storage has none. */
const DEFAULT_CAPACITY_BYTES = 2 ** 40;
/** Endpoints must have a port; nobody asks for it. */
const ANY_PORT = 1;

/** Whether pods mount such a volume through a claim. */
export function isStorageSource(source: VolumeSource): source is StorageSource {
  return !["hostpath", "scratch", "gitrepo"].includes(source.kind);
}

/** The claim of a configured volume, in the namespace of the jobs that mount it. */
export function volumeClaimName(volume: string): string {
  return `juliarun-${volume}`;
}

/** PersistentVolumes belong to no namespace, so theirs is in the name; dots keep the parts apart. */
export function persistentVolumeName(namespace: string, volume: string): string {
  return `juliarun.${namespace}.${volume}`;
}

/** Keeps its data when it is removed, and is for its one claim. */
export function toPersistentVolume(
  namespace: string,
  volume: string,
  source: StorageSource,
): V1PersistentVolume {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: persistentVolumeName(namespace, volume), labels: storageLabels() },
    spec: {
      ...toStorage(namespace, volume, source),
      accessModes: accessModes(source),
      capacity: { storage: capacity(source) },
      claimRef: {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        namespace,
        name: volumeClaimName(volume),
      },
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
    },
  };
}

/** Claims the volume's own PersistentVolume: an empty class keeps clusters from making another one. */
export function toPersistentVolumeClaim(
  namespace: string,
  volume: string,
  source: StorageSource,
): V1PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: storageMetadata(namespace, volume),
    spec: {
      accessModes: accessModes(source),
      resources: { requests: { storage: capacity(source) } },
      storageClassName: "",
      volumeName: persistentVolumeName(namespace, volume),
    },
  };
}

/** The nodes of a GlusterFS cluster, which a PersistentVolume names by Endpoints only. */
export function toGlusterEndpoints(
  namespace: string,
  volume: string,
  { addresses }: Extract<StorageSource, { kind: "glusterfs" }>,
): V1Endpoints {
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: storageMetadata(namespace, volume),
    subsets: [{ addresses: addresses.map((ip) => ({ ip })), ports: [{ port: ANY_PORT }] }],
  };
}

function toStorage(namespace: string, volume: string, source: StorageSource): StorageFields {
  const { readOnly } = source;
  switch (source.kind) {
    case "nfs":
      return { nfs: { server: source.server, path: source.path, readOnly } };
    case "glusterfs":
      return {
        glusterfs: {
          endpoints: volumeClaimName(volume),
          endpointsNamespace: namespace,
          path: source.volume,
          readOnly,
        },
      };
    case "azurefs":
      return {
        azureFile: {
          secretName: source.credential,
          secretNamespace: namespace,
          shareName: source.share,
          readOnly,
        },
      };
    case "azuredisk":
      return {
        azureDisk: {
          diskName: source.disk,
          diskURI: source.uri,
          // A managed disk's address is a resource's, a page blob's is a web address.
          kind: source.uri.startsWith("/subscriptions/") ? "Managed" : "Dedicated",
          readOnly,
        },
      };
    case "gce":
      return {
        gcePersistentDisk: {
          pdName: source.disk,
          ...(source.fsType === undefined ? {} : { fsType: source.fsType }),
          readOnly,
        },
      };
    default:
      return {
        awsElasticBlockStore: { volumeID: source.volumeId, fsType: source.fsType, readOnly },
      };
  }
}

/** Disks are attached to one node at a time; Google's to many when nobody writes. */
function accessModes({ kind, readOnly }: StorageSource): string[] {
  if (kind === "gce" && readOnly) return ["ReadOnlyMany"];
  return [
    kind === "gce" || kind === "ebs" || kind === "azuredisk" ? "ReadWriteOnce" : "ReadWriteMany",
  ];
}

function capacity(source: StorageSource): string {
  const given = "capacityBytes" in source ? source.capacityBytes : undefined;
  return formatMemory(given ?? DEFAULT_CAPACITY_BYTES);
}

function storageMetadata(namespace: string, volume: string): V1ObjectMeta {
  return { name: volumeClaimName(volume), namespace, labels: storageLabels() };
}

function storageLabels(): Record<string, string> {
  return { [LABEL.managedBy]: MANAGER, [LABEL.component]: COMPONENT.storage };
}
