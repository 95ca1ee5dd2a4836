import { resolve } from "node:path";
import { parseMemory } from "../quantity/memory.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import type { Config } from "./config-schema.ts";

type Sources = [name: string, source: VolumeSource][];

const size = (capacity: string | undefined): { capacityBytes?: number } =>
  capacity === undefined ? {} : { capacityBytes: parseMemory(capacity) };

function gitSources(entries: Config["storage"]["gitrepo"], baseDir: string): Sources {
  return entries.map(({ name, repository, ref, depth, credential, username }) => {
    const inFile = typeof credential === "object" && "file" in credential;
    const place = inFile ? { file: resolve(baseDir, credential.file) } : credential;
    return [
      name,
      {
        kind: "gitrepo",
        repository,
        ...(ref === undefined ? {} : { ref }),
        ...(depth === undefined ? {} : { depth }),
        ...(place === undefined ? {} : { credential: place }),
        ...(username === undefined ? {} : { username }),
      },
    ];
  });
}

/**
 * The configured volumes by name, in the words of a plan.
 * @param baseDir - absolute folder that relative host paths are meant from: the configuration file's.
 */
export function volumeSources(
  storage: Config["storage"],
  baseDir: string,
): Record<string, VolumeSource> {
  const sources: Sources = [
    ...storage.glusterfs.flatMap(({ ip, mount }) =>
      mount.map(({ name, volume, capacity, readonly }): Sources[number] => [
        name,
        { kind: "glusterfs", addresses: ip, volume, readOnly: readonly, ...size(capacity) },
      ]),
    ),
    ...storage.nfs.map(({ name, server, path, capacity, readonly }): Sources[number] => [
      name,
      { kind: "nfs", server, path, readOnly: readonly, ...size(capacity) },
    ]),
    ...storage.azurefs.map(({ name, credential, share, readonly }): Sources[number] => [
      name,
      { kind: "azurefs", credential, share, readOnly: readonly },
    ]),
    ...storage.azuredisk.map(({ name, disk, uri, readonly }): Sources[number] => [
      name,
      { kind: "azuredisk", disk, uri, readOnly: readonly },
    ]),
    ...gitSources(storage.gitrepo, baseDir),
    ...storage.gce.map(({ name, disk, fs_type: fsType, readonly }): Sources[number] => [
      name,
      { kind: "gce", disk, readOnly: readonly, ...(fsType === undefined ? {} : { fsType }) },
    ]),
    ...storage.ebs.map(
      ({ name, volume_id: volumeId, fs_type: fsType, readonly }): Sources[number] => [
        name,
        { kind: "ebs", volumeId, fsType, readOnly: readonly },
      ],
    ),
    ...storage.scratch.map(({ name, capacity, readonly }): Sources[number] => [
      name,
      { kind: "scratch", readOnly: readonly, ...size(capacity) },
    ]),
    ...storage.hostpath.map(({ name, path, readonly }): Sources[number] => [
      name,
      { kind: "hostpath", path: resolve(baseDir, path), readOnly: readonly },
    ]),
  ];
  return Object.fromEntries(sources);
}
