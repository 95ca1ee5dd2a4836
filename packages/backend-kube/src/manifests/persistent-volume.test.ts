import { describe, expect, it } from "vitest";
import {
  isStorageSource,
  persistentVolumeName,
  toGlusterEndpoints,
  toPersistentVolume,
  toPersistentVolumeClaim,
  type StorageSource,
} from "./persistent-volume.ts";

const LABELS = {
  "app.kubernetes.io/managed-by": "juliarun",
  "app.kubernetes.io/component": "storage",
};
const NFS = { kind: "nfs", server: "files", path: "/x", readOnly: false } as const;

describe("toPersistentVolume", () => {
  it("keeps its data and is for one claim", () => {
    expect(toPersistentVolume("test", "data", NFS)).toEqual({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "juliarun.test.data", labels: LABELS },
      spec: {
        nfs: { server: "files", path: "/x", readOnly: false },
        accessModes: ["ReadWriteMany"],
        capacity: { storage: "1Ti" },
        claimRef: {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          namespace: "test",
          name: "juliarun-data",
        },
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: "",
      },
    });
  });

  it.each<[StorageSource, object]>([
    [
      {
        kind: "glusterfs",
        addresses: ["10.0.0.1"],
        volume: "v",
        readOnly: true,
        capacityBytes: 2 ** 30,
      },
      {
        glusterfs: {
          endpoints: "juliarun-data",
          endpointsNamespace: "test",
          path: "v",
          readOnly: true,
        },
        accessModes: ["ReadWriteMany"],
        capacity: { storage: "1Gi" },
      },
    ],
    [
      { kind: "azurefs", credential: "azure", share: "s", readOnly: false },
      {
        azureFile: {
          secretName: "azure",
          secretNamespace: "test",
          shareName: "s",
          readOnly: false,
        },
        accessModes: ["ReadWriteMany"],
      },
    ],
    [
      { kind: "azuredisk", disk: "d", uri: "/subscriptions/a/disks/d", readOnly: false },
      {
        azureDisk: {
          diskName: "d",
          diskURI: "/subscriptions/a/disks/d",
          kind: "Managed",
          readOnly: false,
        },
        accessModes: ["ReadWriteOnce"],
      },
    ],
    [
      { kind: "azuredisk", disk: "d", uri: "https://example.org/d.vhd", readOnly: false },
      { azureDisk: { diskURI: "https://example.org/d.vhd", kind: "Dedicated" } },
    ],
    [
      { kind: "gce", disk: "d", readOnly: false },
      { gcePersistentDisk: { pdName: "d", readOnly: false }, accessModes: ["ReadWriteOnce"] },
    ],
    [
      { kind: "gce", disk: "d", fsType: "xfs", readOnly: true },
      {
        gcePersistentDisk: { pdName: "d", fsType: "xfs", readOnly: true },
        accessModes: ["ReadOnlyMany"],
      },
    ],
    [
      { kind: "ebs", volumeId: "vol-1", fsType: "ext4", readOnly: false },
      {
        awsElasticBlockStore: { volumeID: "vol-1", fsType: "ext4", readOnly: false },
        accessModes: ["ReadWriteOnce"],
      },
    ],
  ])("knows %j", (source, spec) => {
    expect(toPersistentVolume("test", "data", source).spec).toMatchObject(spec);
  });
});

describe("toPersistentVolumeClaim", () => {
  it("claims its own volume and no other", () => {
    expect(toPersistentVolumeClaim("test", "data", { ...NFS, capacityBytes: 2 ** 30 })).toEqual({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "juliarun-data", namespace: "test", labels: LABELS },
      spec: {
        accessModes: ["ReadWriteMany"],
        resources: { requests: { storage: "1Gi" } },
        storageClassName: "",
        volumeName: "juliarun.test.data",
      },
    });
  });
});

describe("toGlusterEndpoints", () => {
  it("lists the cluster's nodes under the claim's name", () => {
    const addresses = ["10.0.0.1", "10.0.0.2"];
    const source = { kind: "glusterfs", addresses, volume: "v", readOnly: false } as const;
    expect(toGlusterEndpoints("test", "data", source)).toEqual({
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name: "juliarun-data", namespace: "test", labels: LABELS },
      subsets: [{ addresses: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }], ports: [{ port: 1 }] }],
    });
  });
});

describe("persistentVolumeName", () => {
  it("differs between namespaces and volumes", () => {
    expect(persistentVolumeName("a-b", "c")).not.toBe(persistentVolumeName("a", "b-c"));
  });
});

describe("isStorageSource", () => {
  it("tells what needs an administrator", () => {
    expect(isStorageSource(NFS)).toBe(true);
    expect(isStorageSource({ kind: "scratch", readOnly: false })).toBe(false);
    expect(isStorageSource({ kind: "hostpath", path: "/x", readOnly: false })).toBe(false);
    expect(isStorageSource({ kind: "gitrepo", repository: "x" })).toBe(false);
  });
});
