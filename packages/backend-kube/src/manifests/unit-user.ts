import { ManagerError } from "@juliarun/core";

/** Numbers of the user that a unit runs as. */
export interface UnitUser {
  readonly uid: number;
  /** Absent: what the image says of the user. */
  readonly gid?: number;
}

/** The largest that Kubernetes accepts. */
const MAX_ID = 2 ** 31 - 1;

/**
 * The numbers in a container's `user`, `uid[:gid]`; undefined where none is given: the image's own user.
 * @throws ManagerError SPEC_INVALID for a name: Kubernetes knows numbers only.
 */
export function parseUnitUser(user: string | undefined): UnitUser | undefined {
  if (user === undefined) return undefined;
  const match = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(user);
  const uid = Number(match?.[1]);
  const gid = match?.[2] === undefined ? undefined : Number(match[2]);
  if (!match || uid > MAX_ID || (gid ?? 0) > MAX_ID) {
    throw new ManagerError(
      "SPEC_INVALID",
      `The image's user is ${JSON.stringify(user)}: Kubernetes needs numbers.`,
      {
        hint: 'Give a number as the user of the image in the configuration, such as "1000" or "1000:1000".',
        details: { user },
      },
    );
  }
  return gid === undefined ? { uid } : { uid, gid };
}

/** Whether that user is known not to be root. */
export function isNonRoot(user: UnitUser | undefined): boolean {
  return user !== undefined && user.uid !== 0;
}
