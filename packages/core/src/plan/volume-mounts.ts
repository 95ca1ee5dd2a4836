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
  /** A package bundle to build: its writable twin is mounted in its place. */
  readonly buildBundle?: string | undefined;
  /** Keeps what jobs make of their projects. */
  readonly projectCache?: string | undefined;
}

/** Name of the writable twin of a package bundle (manual: Packages). */
export function bundleTwin(bundle: string): string {
  return `${bundle}rw`;
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
  const attach = (
    volume: string,
    parameter: string,
    forceReadOnly: boolean,
    path = volumePath(volume),
  ): void => {
    const source = Object.hasOwn(context.volumes, volume) ? context.volumes[volume] : undefined;
    if (!source) {
      const names = Object.keys(context.volumes);
      issues.add(
        parameter,
        `names the unknown volume ${volume}; configured are: ${list(names)}`,
        nearestName(volume, names),
      );
    } else if (!mounts.has(path)) {
      mounts.set(path, {
        volume,
        path,
        readOnly: forceReadOnly || isReadOnly(source),
      });
    }
  };

  attach(choice.runVolume, "runVolume", false);
  if (mounts.get(volumePath(choice.runVolume))?.readOnly === true) {
    issues.add(
      "runVolume",
      `is ${choice.runVolume}, which is read-only: the job's working folder is made on it`,
    );
  }
  for (const volume of choice.additionalVolumes ?? []) attach(volume, "additionalVolumes", false);
  if (choice.projectCache !== undefined) attach(choice.projectCache, "projectcache", false);
  const { pkgBundle, buildBundle } = choice;
  if (pkgBundle !== undefined && isBundle(pkgBundle, context, issues))
    attach(pkgBundle, "pkgBundle", true);
  if (buildBundle !== undefined && isBundle(buildBundle, context, issues)) {
    checkBuildable(buildBundle, [...mounts.keys()], context, issues);
    attach(bundleTwin(buildBundle), "pkgBundle", false, volumePath(buildBundle));
  }
  return [...mounts.values()];
}

function isBundle(bundle: string, { packages }: PlanContext, issues: SpecIssues): boolean {
  if (packages.includes(bundle)) return true;
  issues.add(
    "pkgBundle",
    `names the unknown package bundle ${bundle}; configured are: ${list(packages)}`,
    nearestName(bundle, packages),
  );
  return false;
}

/** Notes why a bundle cannot be built. An unknown twin is noted where it is attached. */
function checkBuildable(
  bundle: string,
  taken: readonly string[],
  { volumes }: PlanContext,
  issues: SpecIssues,
): void {
  const twin = bundleTwin(bundle);
  const source = Object.hasOwn(volumes, twin) ? volumes[twin] : undefined;
  if (source && isReadOnly(source)) {
    issues.add(
      "pkgBundle",
      `is ${bundle}, whose twin ${twin} is read-only: set its "readonly" to false in storage`,
    );
  }
  if (source?.kind === "scratch" || source?.kind === "gitrepo") {
    issues.add(
      "pkgBundle",
      `is ${bundle}, whose twin ${twin} is a ${source.kind} volume: what is built there would not be kept`,
    );
  }
  if (taken.includes(volumePath(bundle))) {
    issues.add(
      "pkgBundle",
      `is ${bundle}, which the job mounts as another volume too: leave that out, the bundle is at ${volumePath(bundle)}`,
    );
  }
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
