import type { SpecIssues } from "../errors/spec-issues.ts";
import type { PlanContext } from "../job-types/job-type.ts";
import { nearestName } from "../schema/nearest-name.ts";
import { VOLUMES_DIR } from "./job-environment.ts";
import { GIT_IMAGE_NAME } from "./git-clone.ts";
import type { Mount } from "./job-plan.ts";
import type { VolumeSource } from "./volume-source.ts";

/** The volumes that a job names. */
export interface VolumeChoice {
  readonly runVolume: string;
  readonly additionalVolumes?: readonly string[];
  /** Mounted read-only. */
  readonly pkgBundle?: string | undefined;
}

const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(", "));

/** Where a volume is mounted. */
export function volumePath(volume: string): string {
  return `${VOLUMES_DIR}/${volume}`;
}

/** Whether jobs may not write to a volume. */
export function isReadOnly(source: VolumeSource): boolean {
  return source.kind !== "gitrepo" && source.readOnly;
}

/** The mounts of the volumes that a job names, each once. Notes unknown volumes and bundles, and a read-only run volume. */
export function volumeMounts(
  choice: VolumeChoice,
  context: PlanContext,
  issues: SpecIssues,
): Mount[] {
  const mounts = new Map<string, Mount>();
  const attach = (volume: string, parameter: string, forceReadOnly: boolean): void => {
    const source = Object.hasOwn(context.volumes, volume) ? context.volumes[volume] : undefined;
    if (!source) {
      const names = Object.keys(context.volumes);
      issues.add(
        parameter,
        `names the unknown volume ${volume}; configured are: ${list(names)}`,
        nearestName(volume, names),
      );
    } else if (!mounts.has(volume)) {
      mounts.set(volume, {
        volume,
        path: volumePath(volume),
        readOnly: forceReadOnly || isReadOnly(source),
      });
    }
  };

  attach(choice.runVolume, "runVolume", false);
  if (mounts.get(choice.runVolume)?.readOnly === true) {
    issues.add(
      "runVolume",
      `is ${choice.runVolume}, which is read-only: the job's working folder is made on it`,
    );
  }
  for (const volume of choice.additionalVolumes ?? []) attach(volume, "additionalVolumes", false);
  const { pkgBundle } = choice;
  if (pkgBundle !== undefined) {
    if (context.packages.includes(pkgBundle)) {
      attach(pkgBundle, "pkgBundle", true);
    } else {
      const suggestion = nearestName(pkgBundle, context.packages);
      issues.add(
        "pkgBundle",
        `names the unknown package bundle ${pkgBundle}; configured are: ${list(context.packages)}`,
        suggestion,
      );
    }
  }
  return [...mounts.values()];
}

/** The sources of mounted volumes, for a plan's `volumes`. */
export function mountedSources(
  mounts: readonly Mount[],
  context: PlanContext,
): Record<string, VolumeSource> {
  const sources: Record<string, VolumeSource> = {};
  for (const { volume } of mounts) {
    const source = context.volumes[volume];
    if (source) sources[volume] = withImage(source, context);
  }
  return sources;
}

/** Whoever starts a unit of the job clones with the image that was configured when it was planned. */
function withImage(source: VolumeSource, { images }: PlanContext): VolumeSource {
  const git = Object.hasOwn(images, GIT_IMAGE_NAME) ? images[GIT_IMAGE_NAME] : undefined;
  return source.kind === "gitrepo" && git ? { ...source, image: git.image } : source;
}
