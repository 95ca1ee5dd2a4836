import type { V1PodSecurityContext, V1SecurityContext } from "@kubernetes/client-node";
import { isNonRoot, type UnitUser } from "./unit-user.ts";

/**
 * What Pod Security's level `baseline` asks of a pod, and with a user who is not root what `restricted` asks. Such a
 * user gets a group of the pod's volumes, so that secrets need not be readable by everybody.
 */
export function podSecurity(user: UnitUser | undefined): V1PodSecurityContext {
  return {
    seccompProfile: { type: "RuntimeDefault" },
    ...(user === undefined ? {} : { runAsUser: user.uid }),
    ...(user?.gid === undefined ? {} : { runAsGroup: user.gid }),
    ...(user === undefined || !isNonRoot(user)
      ? {}
      : {
          runAsNonRoot: true,
          fsGroup: user.gid ?? user.uid,
          // A large disk would else be walked through at every start.
          fsGroupChangePolicy: "OnRootMismatch",
        }),
  };
}

/** The same of every container. @param capabilities - what its programs need beyond none. */
export function containerSecurity(capabilities: readonly string[] = []): V1SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: {
      drop: ["ALL"],
      ...(capabilities.length === 0 ? {} : { add: [...capabilities] }),
    },
  };
}

/**
 * Permissions of secret files: for root alone, or for the group of {@link podSecurity}. Who the image's own user is
 * cannot be known here, so with that one everybody in the container may read them.
 */
export function secretMode(user: UnitUser | undefined): number {
  if (user === undefined) return 0o444;
  return isNonRoot(user) ? 0o440 : 0o400;
}
