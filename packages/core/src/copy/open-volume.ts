import type { ClusterBackend, Progress } from "../backend/cluster-backend.ts";
import type { VolumeImage, VolumeShell } from "../backend/volume-shell.ts";
import { ManagerError } from "../errors/manager-error.ts";
import type { PlanContext } from "../job-types/job-type.ts";
import { isReadOnly } from "../plan/volume-mounts.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import { nearestName } from "../schema/nearest-name.ts";
import { guardCommand } from "./volume-scripts.ts";

/** How a volume is opened. */
export interface OpenVolumeOptions {
  /** Path in the container of a folder that is removed when the volume is closed; undefined: the volume is read only. */
  readonly staging?: string | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a configured volume of a backend. @throws ManagerError as `Context.openVolume`. */
export async function openVolume(
  backend: ClusterBackend,
  plans: Omit<PlanContext, "namespace">,
  volume: string,
  { staging, onProgress, signal }: OpenVolumeOptions,
): Promise<VolumeShell> {
  const writable = staging !== undefined;
  const source = copyableSource(plans, volume, writable);
  if (!backend.openVolume) {
    throw new ManagerError(
      "CAPABILITY_UNSUPPORTED",
      `This cluster cannot copy files to or from volume ${volume}.`,
    );
  }
  const access = {
    volume,
    source,
    writable,
    command: guardCommand(staging),
    images: copyImages(plans),
    ...(onProgress ? { onProgress } : {}),
  };
  return backend.openVolume(access, signal);
}

/**
 * The volume of that name, if files can be copied to or from it.
 * @throws ManagerError VOLUME_NOT_FOUND; SPEC_INVALID for one that holds nothing of its own, or is read-only.
 */
export function copyableSource(
  { volumes, packages }: Pick<PlanContext, "volumes" | "packages">,
  volume: string,
  writable: boolean,
): VolumeSource {
  const names = Object.keys(volumes);
  const source = Object.hasOwn(volumes, volume) ? volumes[volume] : undefined;
  if (!source) {
    const near = nearestName(volume, names);
    throw new ManagerError(
      "VOLUME_NOT_FOUND",
      `There is no volume ${volume} in the configuration.`,
      {
        hint: `${near === undefined ? "" : `Did you mean ${near}? `}Its \`storage\` has ${names.join(", ") || "no volumes"}. A file of this machine with a colon in its name is written ./${volume}:…`,
        details: { volume },
      },
    );
  }
  if (source.kind === "scratch" || source.kind === "gitrepo") {
    const why =
      source.kind === "scratch"
        ? "each unit of a job has one of its own, which ends with it"
        : "each unit of a job has a clone of its own";
    throw new ManagerError(
      "SPEC_INVALID",
      `Nothing can be copied to or from volume ${volume} of kind ${source.kind}: ${why}.`,
      {
        hint:
          source.kind === "scratch"
            ? "Have the job write to its run volume."
            : "Push to its repository, or clone it.",
        details: { volume, kind: source.kind },
      },
    );
  }
  if (writable && isReadOnly(source)) {
    const bundle = packages.includes(volume);
    throw new ManagerError(
      "SPEC_INVALID",
      `Volume ${volume} is read-only${bundle ? ": it is a package bundle" : ""}.`,
      {
        hint: bundle
          ? `Packages are built on its writable twin ${volume}rw.`
          : "Name another volume, or change its `readonly` in the configuration.",
        details: { volume },
      },
    );
  }
  return source;
}

/** Julia's images first: they are there where jobs run. */
function copyImages({ images }: Pick<PlanContext, "images">): VolumeImage[] {
  const entries = Object.entries(images).toSorted(
    ([name, { executable }], [other, { executable: otherExecutable }]) =>
      rank(other, otherExecutable) - rank(name, executable),
  );
  return entries.map(([, { image, user }]) => (user === undefined ? { image } : { image, user }));
}

function rank(name: string, executable: string): number {
  return Number(/julia/.test(executable)) * 2 + Number(name === "julia");
}
