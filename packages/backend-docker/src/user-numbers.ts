import type { DockerClient } from "./client.ts";
import type { UserNumbers } from "./placed-files.ts";
import { readArchive } from "./read-archive.ts";

/**
 * The numbers behind a container's `User`, so that files can be given to it: written out, or a name that the image's
 * own `/etc/passwd` and `/etc/group` explain; root where they do not.
 */
export async function resolveUserNumbers(
  client: DockerClient,
  containerId: string,
  user: string,
): Promise<UserNumbers> {
  const [name = "", group] = user.split(":");
  const numeric = /^\d+$/.test(name) && (group === undefined || /^\d+$/.test(group));
  if (name === "" || numeric) return { uid: Number(name), gid: Number(group ?? 0) };
  const read = async (file: string): Promise<string> =>
    (await readArchive(client, containerId, `/etc/${file}`)).get(file)?.toString("utf8") ?? "";
  const groups = group === undefined ? "" : await read("group");
  return lookUpUser(name, group, await read("passwd"), groups);
}

/** Looks a user and a group up in the texts of passwd and group files. Pure. */
export function lookUpUser(
  user: string,
  group: string | undefined,
  passwd: string,
  groups: string,
): UserNumbers {
  const entry = findEntry(passwd, user);
  const uid = Number(entry?.[2] ?? (/^\d+$/.test(user) ? user : 0));
  if (group === undefined) return { uid, gid: Number(entry?.[3] ?? 0) };
  const found = findEntry(groups, group)?.[2];
  return { uid, gid: Number(found ?? (/^\d+$/.test(group) ? group : 0)) };
}

/** By name or by number. */
function findEntry(text: string, key: string): string[] | undefined {
  return text
    .split("\n")
    .map((line) => line.split(":"))
    .find((fields) => fields.length >= 3 && (fields[0] === key || fields[2] === key));
}
