import { gitImage, type JobPlan, type JobRecord, type Registries } from "@juliarun/core";
import type { V1LocalObjectReference } from "@kubernetes/client-node";
import { pullSecretName } from "./names.ts";

/** How a pod's images are pulled from registries that ask for credentials. */
export interface PullAccess {
  readonly secrets: readonly V1LocalObjectReference[];
  /** By registry, in words for people, such as `as user ci`; holds no password. */
  readonly words: Readonly<Record<string, string>>;
}

/** Secrets for the registries of these images: one of the configuration's, or the job's own, see `toPullSecret()`. Pure. */
export function toPullAccess(
  record: Pick<JobRecord, "name" | "uid">,
  images: readonly string[],
  registries: Registries | undefined,
): PullAccess {
  const names = new Set<string>();
  const words: Record<string, string> = {};
  for (const image of images) {
    const source = registries?.of(image);
    if (!source) continue;
    const { registry, secret, username } = source;
    names.add(secret ?? pullSecretName(record));
    words[registry] = secret === undefined ? `as user ${username}` : `with the Secret ${secret}`;
  }
  return { secrets: [...names].map((name) => ({ name })), words };
}

/** The images of all pods of a job: of its units, and those that clone its gitrepo volumes. */
export function jobImages({ groups, volumes }: JobPlan): string[] {
  const clones = Object.values(volumes).flatMap((source) =>
    source.kind === "gitrepo" ? [gitImage(source)] : [],
  );
  return [...new Set([...groups.map(({ container }) => container.image), ...clones])];
}
