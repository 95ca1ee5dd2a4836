import { ManagerError, type Mount, type VolumeSource } from "@juliarun/core";
import type Dockerode from "dockerode";

type MountSettings = Dockerode.MountConfig[number];

/** What a mount depends on besides the volume. */
export interface MountSetting {
  /** Of a volume that is made for this container. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether the engine can bound the size of a volume. */
  readonly quotas: boolean;
}

/** The kinds of volumes that a Docker Engine can mount; the others are those of a cloud or a cluster. */
export const MOUNTABLE_KINDS: ReadonlySet<VolumeSource["kind"]> = new Set([
  "hostpath",
  "scratch",
  "nfs",
  "gitrepo",
]);

/** What the kernel is told: it does not find out the version itself, as a mount program does. */
const NFS_VERSION = 4;

/**
 * A volume in a container. Scratch, a clone and an NFS share are nameless volumes of the container's own, which go with it; of a
 * share that is the mount, never the data, and read-only if it is to be. Pure.
 * @throws ManagerError CAPABILITY_UNSUPPORTED for a kind that only a cloud or a cluster has.
 */
export function toMount(
  { volume, path, readOnly }: Mount,
  source: VolumeSource,
  setting: MountSetting,
): MountSettings {
  switch (source.kind) {
    case "hostpath":
      return {
        Type: "bind",
        Source: source.path,
        Target: path,
        ReadOnly: readOnly || source.readOnly,
      };
    case "scratch":
      if (readOnly || source.readOnly) return alwaysEmpty(path);
      return ownVolume(path, setting, toSize(source.capacityBytes, setting));
    case "gitrepo":
      return ownVolume(path, setting);
    case "nfs": {
      const mode = readOnly || source.readOnly ? "ro" : "rw";
      const options = {
        type: "nfs",
        o: `addr=${source.server},nfsvers=${NFS_VERSION},${mode}`,
        device: `:${source.path}`,
      };
      return ownVolume(path, setting, options);
    }
    default:
      throw notMountable(volume, source.kind);
  }
}

/** The error for a kind of volume that a Docker Engine has not. */
export function notMountable(volume: string, kind: VolumeSource["kind"]): ManagerError {
  return new ManagerError(
    "CAPABILITY_UNSUPPORTED",
    `Volume ${volume} is of kind ${kind}, which the Docker Engine cannot mount.`,
    {
      hint: `Use a volume of ${[...MOUNTABLE_KINDS].join(", ")}, or a Kubernetes cluster.`,
      details: { volume, kind },
    },
  );
}

/** The engine mounts no nameless volume read-only, and of this one there is nothing to read. */
function alwaysEmpty(target: string): MountSettings {
  return { Type: "tmpfs", Source: "", Target: target, ReadOnly: true };
}

function ownVolume(
  target: string,
  { labels }: MountSetting,
  options: Readonly<Record<string, string>> = {},
): MountSettings {
  const driver = { Name: "local", Options: { ...options } };
  return {
    Type: "volume",
    Source: "",
    Target: target,
    VolumeOptions: { NoCopy: true, Labels: { ...labels }, DriverConfig: driver },
  };
}

/** An engine without quotas refuses a volume with a size. */
function toSize(
  capacityBytes: number | undefined,
  { quotas }: MountSetting,
): Readonly<Record<string, string>> {
  return capacityBytes === undefined || !quotas ? {} : { size: String(capacityBytes) };
}
