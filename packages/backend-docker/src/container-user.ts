import { stat } from "node:fs/promises";
import type { JobPlan, UnitGroup } from "@juliarun/core";
import type { EngineInfo } from "./engine-info.ts";
import { ownedFolder } from "./volumes.ts";

/** What the choice of a unit's user depends on besides the plan. */
export interface UserSetting {
  readonly info: Pick<EngineInfo, "userMapping">;
  /** Whether this machine's files are the engine's. */
  readonly local: boolean;
  readonly socketPath: string | undefined;
}

/**
 * The user that a unit's programs run as: the image's configured one, else for tasks the owner of the run volume's
 * folder, so that users own their results; undefined: the image's own.
 */
export async function chooseUser(
  plan: JobPlan,
  group: UnitGroup,
  setting: UserSetting,
): Promise<string | undefined> {
  if (group.container.user !== undefined) return group.container.user;
  const folder = group.lifecycle === "task" ? ownedFolder(plan, group) : undefined;
  return folder === undefined ? undefined : chooseFolderUser(folder, setting);
}

/** The owner of a folder of the engine's machine, as a container's user; undefined where it cannot be known. */
export async function chooseFolderUser(
  folder: string,
  setting: UserSetting,
): Promise<string | undefined> {
  const owner = setting.local ? await ownerOf(folder) : undefined;
  if (!owner) return undefined;
  const { userMapping } = setting.info;
  if (userMapping === "none") return `${owner.uid}:${owner.gid}`;
  if (userMapping === "remapped") return undefined;
  // Rootless: inside, the user whose engine this is has number 0.
  return (await ownerOf(setting.socketPath ?? ""))?.uid === owner.uid ? "0:0" : undefined;
}

async function ownerOf(path: string): Promise<{ uid: number; gid: number } | undefined> {
  return stat(path).catch(() => undefined);
}
