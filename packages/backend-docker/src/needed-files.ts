import { lstat } from "node:fs/promises";
import { join, posix } from "node:path";
import { ManagerError, type ContainerPlan, type JobPlan } from "@juliarun/core";
import { folderExists } from "./volumes.ts";

/**
 * Refuses a job whose program cannot do without a file that is not on its volume, as far as this machine can tell.
 * @throws ManagerError SPEC_INVALID naming the file.
 */
export async function refuseMissingFiles(plan: JobPlan): Promise<void> {
  for (const { container } of plan.groups) {
    for (const path of container.neededFiles ?? []) {
      const place = placeOf(plan, container, path);
      if (!place || !(await folderExists(place.folder))) continue;
      if (!(await isMissing(place.folder, place.parts))) continue;
      throw new ManagerError("SPEC_INVALID", `There is no file ${path}.`, {
        hint: `Write it first: it is ${join(place.folder, ...place.parts)} on this machine.`,
        details: { path },
      });
    }
  }
}

interface FilePlace {
  readonly folder: string;
  readonly parts: readonly string[];
}

/** Where a file of a container is on the engine's machine; undefined where it is on no folder of it. */
function placeOf(plan: JobPlan, container: ContainerPlan, path: string): FilePlace | undefined {
  const file = posix.normalize(path);
  const mount = container.mounts.find((each) => file.startsWith(`${each.path}/`));
  const source = mount && plan.volumes[mount.volume];
  if (!mount || source?.kind !== "hostpath") return undefined;
  return { folder: source.path, parts: file.slice(mount.path.length + 1).split("/") };
}

/** A symbolic link may lead somewhere that only the container has: it counts as being there. */
async function isMissing(folder: string, parts: readonly string[]): Promise<boolean> {
  let path = folder;
  for (const part of parts) {
    path = join(path, part);
    try {
      if ((await lstat(path)).isSymbolicLink()) return false;
    } catch (error) {
      return error instanceof Error && "code" in error && error.code === "ENOENT";
    }
  }
  return false;
}
