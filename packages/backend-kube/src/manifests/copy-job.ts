import {
  volumePath,
  type RegistryLogin,
  type VolumeAccess,
  type VolumeImage,
  type VolumeSource,
} from "@juliarun/core";
import type { V1Job, V1ObjectMeta, V1Secret } from "@kubernetes/client-node";
import { escapeExpansion } from "./escape-expansion.ts";
import { COMPONENT, CONTAINER, LABEL, MANAGER } from "./labels.ts";
import { pullSecret } from "./pull-secret.ts";
import { containerSecurity, podSecurity } from "./security-context.ts";
import { parseUnitUser } from "./unit-user.ts";
import { toPodVolumeSource } from "./volumes.ts";

/** Its command ends by itself; this ends one that hangs. */
const LIMIT_SECONDS = 90_000;
/** A Job whose maker was killed is removed so long after its end, by the cluster itself. */
const TTL_SECONDS = 30;
const GRACE_SECONDS = 10;

/** A volume that a pod can mount as it is. */
export interface MountableAccess extends VolumeAccess {
  readonly source: Exclude<VolumeSource, { kind: "gitrepo" }>;
}

/** How the image is pulled from a registry that asks for credentials. */
export interface CopyPull {
  /** Name of the Secret. */
  readonly secret?: string | undefined;
  /** Whether that Secret is made when the Job is there, to go with it; the Job then waits. */
  readonly later?: boolean;
}

/**
 * The Job that opens a volume. A Job and not a bare pod, as the cluster removes it by itself after its end.
 * @throws ManagerError SPEC_INVALID for a user given by name.
 */
export function toCopyJob(
  namespace: string,
  name: string,
  { volume, source, writable, command }: MountableAccess,
  { image, user: named }: VolumeImage,
  { secret, later = false }: CopyPull = {},
): V1Job {
  const user = parseUnitUser(named);
  const labels = labelsOf(name);
  const [program = "sh", ...args] = command;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace, labels },
    spec: {
      ...(later ? { suspend: true } : {}),
      backoffLimit: 0,
      activeDeadlineSeconds: LIMIT_SECONDS,
      ttlSecondsAfterFinished: TTL_SECONDS,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: GRACE_SECONDS,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: podSecurity(user),
          ...(secret === undefined ? {} : { imagePullSecrets: [{ name: secret }] }),
          containers: [
            {
              name: CONTAINER,
              image,
              imagePullPolicy: "IfNotPresent",
              command: [program],
              args: args.map((argument) => escapeExpansion(argument)),
              workingDir: "/",
              resources: {
                requests: { cpu: "50m", memory: "64Mi" },
                limits: { cpu: "1", memory: "512Mi" },
              },
              securityContext: containerSecurity(),
              volumeMounts: [
                { name: "volume", mountPath: volumePath(volume), readOnly: !writable },
              ],
            },
          ],
          volumes: [{ name: "volume", ...toPodVolumeSource(volume, source) }],
        },
      },
    },
  };
}

/**
 * The Secret of {@link CopyPull.later}, named as its Job, with which it goes.
 * @param job - the Job's metadata, as the cluster has it.
 */
export function toCopySecret(
  { name = "", namespace = "", uid = "" }: V1ObjectMeta,
  registry: string,
  login: RegistryLogin,
): V1Secret {
  const owner = { apiVersion: "batch/v1", kind: "Job", name, uid };
  const metadata = { name, namespace, labels: labelsOf(name), ownerReferences: [owner] };
  return pullSecret(metadata, new Map([[registry, login]]));
}

function labelsOf(name: string): Record<string, string> {
  return {
    [LABEL.managedBy]: MANAGER,
    [LABEL.component]: COMPONENT.copy,
    [LABEL.copy]: name,
  };
}
