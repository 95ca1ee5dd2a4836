import { readFile } from "node:fs/promises";
import { parse } from "yaml";

/** How an administrator with a certificate reaches a cluster. All but the address is base64, as in the configuration. */
export interface ClientCertificate {
  readonly server: string;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** What of a kubeconfig matters here. */
interface KubeconfigFile {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
}

/** That of a kubeconfig with one cluster and one user, such as kind's; undefined where it has another kind of credentials. */
export async function clientCertificate(
  kubeconfig: string,
): Promise<ClientCertificate | undefined> {
  const { clusters, users } = parse(await readFile(kubeconfig, "utf8")) as KubeconfigFile;
  const [cluster, otherCluster] = clusters.map((each) => each.cluster);
  const [user, otherUser] = users.map((each) => each.user);
  if (otherCluster || otherUser) return undefined;
  const server = cluster?.["server"];
  const authority = cluster?.["certificate-authority-data"];
  const certificate = user?.["client-certificate-data"];
  const key = user?.["client-key-data"];
  return server && authority && certificate && key
    ? { server, authority, certificate, key }
    : undefined;
}
