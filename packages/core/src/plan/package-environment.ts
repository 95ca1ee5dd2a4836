import { posix } from "node:path";
import type { SpecIssues } from "../errors/spec-issues.ts";
import { ENV, FILES_DIR, PROJECT_CACHE, VOLUMES_DIR } from "./job-environment.ts";
import { checkVolumePath, type ScriptPlace } from "./script-path.ts";
import { volumePath } from "./volume-mounts.ts";

/** Names that Julia knows a project's file by. */
const PROJECT_FILES: ReadonlySet<string> = new Set(["JuliaProject.toml", "Project.toml"]);

/** The environment of a job that uses, or builds, a package bundle. */
export function bundleEnvironment(
  pkgBundle: string | undefined,
  { buildBundle, fresh = false }: { readonly buildBundle?: string; readonly fresh?: boolean },
): Record<string, string> {
  if (buildBundle !== undefined) {
    return {
      [ENV.buildBundle]: volumePath(buildBundle),
      ...(fresh ? { [ENV.freshBundle]: "1" } : {}),
    };
  }
  return pkgBundle === undefined ? {} : { [ENV.pkgBundle]: volumePath(pkgBundle) };
}

/**
 * The environment of a job that has a project. It is a placed file, else a path on a volume: of the folder, or of the file in it;
 * a relative one is meant from the run volume. Notes a file of another name, and a volume that is not mounted.
 * @param cache - volume that keeps what is made of projects.
 */
export function projectEnvironment(
  given: string,
  cache: string,
  { runVolume, mounts, files }: Omit<ScriptPlace, "parameter">,
  issues: SpecIssues,
): Record<string, string> {
  const name = posix.basename(given);
  if (name.endsWith(".toml") && !PROJECT_FILES.has(name)) {
    issues.add(
      "project",
      `is ${JSON.stringify(given)}: Julia looks for a file called Project.toml`,
    );
  }
  const placed = files.some((file) => file.name === given);
  const path = placed ? `${FILES_DIR}/${given}` : posix.resolve(VOLUMES_DIR, runVolume, given);
  const folder = name.endsWith(".toml") ? posix.dirname(path) : path;
  // The folder may be the volume itself, whose path alone would not be checked.
  checkVolumePath(`${folder}/Project.toml`, "project", mounts, issues);
  return {
    [ENV.project]: folder,
    [ENV.projectCache]: `${volumePath(cache)}/${PROJECT_CACHE}`,
  };
}
