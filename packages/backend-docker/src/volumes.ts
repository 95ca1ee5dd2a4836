import { stat } from "node:fs/promises";
import {
  ENV,
  ManagerError,
  type GitSource,
  type JobPlan,
  type UnitGroup,
  type VolumeSource,
} from "@juliarun/core";
import { MOUNTABLE_KINDS, notMountable } from "./volume-mount.ts";

/** A hostpath volume that a job mounts. */
export interface HostFolder {
  readonly volume: string;
  readonly path: string;
}

/** The folders of the host that a plan mounts, each once. */
export function hostFolders(plan: JobPlan): HostFolder[] {
  return mountedVolumes(plan).flatMap(([volume, source]) =>
    source.kind === "hostpath" ? [{ volume, path: source.path }] : [],
  );
}

/**
 * Refuses volumes that the Docker Engine cannot mount.
 * @throws ManagerError CAPABILITY_UNSUPPORTED naming kind and volume.
 */
export function refuseUnsupportedVolumes(plan: JobPlan): void {
  for (const [volume, { kind }] of mountedVolumes(plan))
    if (!MOUNTABLE_KINDS.has(kind)) throw notMountable(volume, kind);
}

/** The repositories that a plan mounts, each once. */
export function mountedRepositories(plan: JobPlan): [volume: string, source: GitSource][] {
  return mountedVolumes(plan).flatMap(([volume, source]) =>
    source.kind === "gitrepo" ? [[volume, source] satisfies [string, GitSource]] : [],
  );
}

function mountedVolumes(plan: JobPlan): [string, VolumeSource][] {
  const names = plan.groups.flatMap((group) => group.container.mounts.map(({ volume }) => volume));
  return [...new Set(names)].flatMap((volume) => {
    const source = plan.volumes[volume];
    return source ? [[volume, source] satisfies [string, VolumeSource]] : [];
  });
}

/** The error for a folder that is not there. */
export function folderMissing({ volume, path }: HostFolder): ManagerError {
  return new ManagerError(
    "VOLUME_NOT_FOUND",
    `The folder ${path} of volume ${volume} does not exist on the Docker Engine's machine.`,
    {
      hint: `Make it (mkdir -p ${path}), or correct the volume's path in the configuration.`,
      details: { volume, path },
    },
  );
}

/** Whether this machine has the folder; another machine's engine may see it differently. */
export async function folderExists(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Whose files a task's results are to be: the folder of its run volume, else of its first writable one. */
export function ownedFolder(plan: JobPlan, group: UnitGroup): string | undefined {
  const runVolume = group.container.env[ENV.runVolume];
  const writable = group.container.mounts.flatMap((mount) => {
    const source = plan.volumes[mount.volume];
    if (source?.kind !== "hostpath" || source.readOnly || mount.readOnly) return [];
    return [{ mount, path: source.path }];
  });
  if (runVolume === undefined) return writable[0]?.path;
  return writable.find(({ mount }) => mount.path === runVolume)?.path;
}
