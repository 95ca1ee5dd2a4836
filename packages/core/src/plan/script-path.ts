import { posix } from "node:path";
import type { SpecIssues } from "../errors/spec-issues.ts";
import { nearestName } from "../schema/nearest-name.ts";
import type { PlacedFile } from "../spec/job-spec.ts";
import { FILES_DIR, VOLUMES_DIR } from "./job-environment.ts";
import type { Mount } from "./job-plan.ts";

/** Notes a problem if a path lies under `/mnt/<volume>` and no such volume is mounted; other paths are in the image. */
export function checkVolumePath(
  path: string,
  parameter: string,
  mounts: readonly Mount[],
  issues: SpecIssues,
): void {
  const [volume, ...rest] = posix.normalize(path).split("/").slice(2);
  if (
    !posix.normalize(path).startsWith(`${VOLUMES_DIR}/`) ||
    volume === undefined ||
    rest.length === 0
  )
    return;
  if (mounts.some((mount) => mount.path === posix.join(VOLUMES_DIR, volume))) return;
  const nearest = nearestName(
    volume,
    mounts.map((mount) => posix.basename(mount.path)),
  );
  issues.add(
    parameter,
    `is ${JSON.stringify(path)}, but no volume ${volume} is mounted: add it to the additional volumes`,
    nearest === undefined ? undefined : posix.join(VOLUMES_DIR, nearest, ...rest),
  );
}

/** What decides where a script is. */
export interface ScriptPlace {
  /** The parameter, for messages. */
  readonly parameter: string;
  readonly runVolume: string;
  readonly mounts: readonly Mount[];
  readonly files: readonly PlacedFile[];
}

/**
 * A script's absolute path in the container. A relative one is a placed file of that name, else a path on the run volume.
 * Notes a problem for a script under a volume that is not mounted.
 */
export function scriptPath(given: string, place: ScriptPlace, issues: SpecIssues): string {
  if (place.files.some((file) => file.name === given)) return `${FILES_DIR}/${given}`;
  const path = posix.resolve(VOLUMES_DIR, place.runVolume, given);
  checkVolumePath(path, place.parameter, place.mounts, issues);
  return path;
}
