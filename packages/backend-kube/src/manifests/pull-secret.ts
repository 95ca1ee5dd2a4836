import { DOCKER_HUB, type JobRecord, type RegistryLogin } from "@juliarun/core";
import type { V1ObjectMeta, V1Secret } from "@kubernetes/client-node";
import { partMetadata } from "./job-metadata.ts";
import { pullSecretName } from "./names.ts";
import type { RecordOwner } from "./owner-reference.ts";

/** How the kubelet calls Docker Hub. */
const HUB_SERVER = "https://index.docker.io/v1/";

/** Secret of a submit with the credentials that its images are pulled with; it goes with the job. */
export function toPullSecret(
  record: JobRecord,
  logins: ReadonlyMap<string, RegistryLogin>,
  owner: RecordOwner,
): V1Secret {
  return pullSecret(partMetadata(record, pullSecretName(record), owner), logins);
}

/** A Secret that the kubelet pulls images with. */
export function pullSecret(
  metadata: V1ObjectMeta,
  logins: ReadonlyMap<string, RegistryLogin>,
): V1Secret {
  const auths = Object.fromEntries(
    [...logins].map(([registry, { username, password }]) => [
      registry === DOCKER_HUB ? HUB_SERVER : registry,
      { username, password, auth: base64(`${username}:${password}`) },
    ]),
  );
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/dockerconfigjson",
    metadata,
    immutable: true,
    data: { ".dockerconfigjson": base64(JSON.stringify({ auths })) },
  };
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
