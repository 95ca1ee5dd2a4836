import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "@juliarun/backend-kube";
import { isManagerError } from "@juliarun/core";
import { parseAllDocuments } from "yaml";

/** What of an object in the file of roles matters here. */
interface RoleObject {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

const NAME = "juliarun";
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const LOOK_MS = 50;

/** A user of one namespace. */
export interface ServiceAccount {
  readonly token: string;
  /** The part of the configuration's `compute` that speaks as it. */
  readonly access: { readonly uri: string; readonly auth: Readonly<Record<string, unknown>> };
}

/** Makes the service account of `deploy/kubernetes/role.yaml` in the client's namespace. */
export async function makeServiceAccount(client: KubeClient): Promise<ServiceAccount> {
  const file = new URL("../../deploy/kubernetes/role.yaml", import.meta.url);
  const objects = parseAllDocuments(await readFile(file, "utf8")).map(
    (document) => document.toJS() as RoleObject,
  );
  const make = async (kind: string, path: string): Promise<void> => {
    const object = objects.find((each) => each.kind === kind && each.metadata.name === NAME);
    if (!object) throw new Error(`role.yaml has no ${kind} ${NAME}.`);
    await client.create(path, object);
  };
  await make("ServiceAccount", client.path("serviceaccounts"));
  await make("Role", `${RBAC}/namespaces/${client.namespace}/roles`);
  await make("RoleBinding", `${RBAC}/namespaces/${client.namespace}/rolebindings`);
  const token = await makeToken(client, NAME);
  await rightsAreThere(client, token);
  const auth = {
    type: "token",
    token: encode(token),
    "certificate-authority-data": encode(await authority(client)),
  };
  return { token, access: { uri: client.address, auth } };
}

const encode = (text: string): string => Buffer.from(text).toString("base64");

/** A token of a service account of the client's namespace. */
export async function makeToken(client: KubeClient, name: string): Promise<string> {
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: 3600 },
  };
  const path = client.path("serviceaccounts", name, "token");
  const { status } = await client.create<typeof request & { status?: { token: string } }>(
    path,
    request,
  );
  if (!status) throw new Error("There is no token for the service account.");
  return status.token;
}

/** The API server learns of new roles as everybody does: a moment later. */
async function rightsAreThere(client: KubeClient, token: string): Promise<void> {
  const own = client.with({ credentials: { type: "token", token } });
  try {
    for (;;) {
      try {
        await own.get(own.path("configmaps"));
        return;
      } catch (error) {
        if (!isManagerError(error, "FORBIDDEN")) throw error;
      }
      await sleep(LOOK_MS);
    }
  } finally {
    own.close();
  }
}

/** The cluster publishes its authority in every new namespace, a moment after it is made. */
async function authority(client: KubeClient): Promise<string> {
  const path = client.path("configmaps", "kube-root-ca.crt");
  for (;;) {
    const found = await client.find<{ data?: Readonly<Record<string, string>> }>(path);
    const certificate = found?.data?.["ca.crt"];
    if (certificate !== undefined) return certificate;
    await sleep(LOOK_MS);
  }
}
