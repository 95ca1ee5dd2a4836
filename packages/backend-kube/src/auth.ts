import { dirname, isAbsolute, join, resolve } from "node:path";
import { KubeConfig, type Cluster, type User } from "@kubernetes/client-node";
import { ManagerError, resolveSecret, type PluginInput, type SecretRef } from "@juliarun/core";
import { isObject } from "./is-object.ts";

/** Where a pod finds its own credentials. */
const MOUNTED = "/var/run/secrets/kubernetes.io/serviceaccount";
/** What `kubectl proxy` listens on. */
const PROXY = "http://127.0.0.1:8001";

/** What the address of a cluster and the credentials are made from. */
export type AuthInput = Pick<PluginInput, "config" | "baseDir" | "secrets" | "env">;

/**
 * Address and credentials of the cluster that the configuration's `compute` names, in the library's form.
 * @throws ManagerError CONFIG_INVALID when something is missing or cannot be read. Never quotes what was read.
 */
export async function toKubeConfig(input: AuthInput): Promise<KubeConfig> {
  const { uri, auth } = input.config.compute;
  const user = { name: "juliarun" };
  switch (auth.type) {
    case "none":
      return compose(await toCluster(input, uri ?? PROXY), user);
    case "cert": {
      const certData = await encoded(input, "client-certificate-data");
      const keyData = await encoded(input, "client-key-data");
      return compose(await toCluster(input, needUri(uri)), { ...user, certData, keyData });
    }
    case "token":
      return compose(await toCluster(input, needUri(uri)), {
        ...user,
        token: await secret(input, "token"),
      });
    case "in-cluster":
      return compose(await inCluster(input), {
        ...user,
        // Read again and again by the library: the kubelet renews it.
        authProvider: { name: "tokenFile", config: { tokenFile: `${MOUNTED}/token` } },
      });
    case "kubeconfig":
    default:
      return fromFiles(input);
  }
}

/** The same cluster with a caller's own credentials and nothing of the configuration's. */
export function withUser(config: KubeConfig, user: Omit<User, "name">): KubeConfig {
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new ManagerError("CONFIG_INVALID", "The configuration names no cluster.");
  return compose(cluster, { ...user, name: "caller" });
}

function compose(cluster: Cluster, user: User): KubeConfig {
  const config = new KubeConfig();
  const plain = cluster.server.startsWith("http:");
  if (plain) refuseUnencrypted(cluster, user);
  // The library takes plain HTTP only where it is told that nothing is verified.
  config.loadFromClusterAndUser(plain ? { ...cluster, skipTLSVerify: true } : cluster, user);
  return config;
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function refuseUnencrypted({ server }: Cluster, { name: _, ...credentials }: User): void {
  const bare = Object.values(credentials).every((value) => value === undefined);
  if (bare || LOOPBACK.test(URL.parse(server)?.hostname ?? "")) return;
  throw new ManagerError(
    "CONFIG_INVALID",
    `Credentials for ${server} would be sent unencrypted over plain HTTP.`,
    { hint: "Use an address that begins with https." },
  );
}

async function toCluster(input: AuthInput, uri: string): Promise<Cluster> {
  const auth = input.config.compute.auth;
  const verify = auth["cert-verify"];
  return {
    name: "cluster",
    server: uri.replace(/\/+$/, ""),
    skipTLSVerify: !verify,
    ...(verify && auth["certificate-authority-data"] !== undefined
      ? { caData: await encoded(input, "certificate-authority-data") }
      : {}),
  };
}

async function inCluster(input: AuthInput): Promise<Cluster> {
  const { compute } = input.config;
  const host = input.env["KUBERNETES_SERVICE_HOST"];
  const port = input.env["KUBERNETES_SERVICE_PORT"] ?? "443";
  if (compute.uri === undefined && !host) {
    throw new ManagerError(
      "CONFIG_INVALID",
      "`compute.auth.type` is in-cluster, but this is no pod: KUBERNETES_SERVICE_HOST is not set.",
      { hint: "Use the type kubeconfig outside of a cluster." },
    );
  }
  const own = `https://${host?.includes(":") ? `[${host}]` : host}:${port}`;
  const cluster = await toCluster(input, compute.uri ?? own);
  const { skipTLSVerify, caData } = cluster;
  return skipTLSVerify || caData !== undefined
    ? cluster
    : { ...cluster, caFile: `${MOUNTED}/ca.crt` };
}

async function fromFiles(input: AuthInput): Promise<KubeConfig> {
  const { uri, auth } = input.config.compute;
  const merged = new KubeConfig();
  const files = kubeconfigFiles(input);
  for (const [index, file] of files.entries()) {
    // As kubectl does: of several files, missing ones are skipped.
    const config = await readKubeconfig(input, file, files.length > 1);
    if (!config) continue;
    if (index === 0) merged.loadFromOptions(config);
    else mergeMissing(merged, config);
  }
  if (auth.context !== undefined) merged.setCurrentContext(auth.context);
  const cluster = merged.currentContext ? merged.getCurrentCluster() : null;
  const user = merged.currentContext ? merged.getCurrentUser() : null;
  if (!cluster || !user) {
    const known = merged.getContexts().map(({ name }) => name);
    throw new ManagerError(
      "CONFIG_INVALID",
      merged.currentContext
        ? `The kubeconfig ${files.join(", ")} has no complete context ${merged.currentContext}.`
        : `The kubeconfig ${files.join(", ")} has no current context.`,
      {
        hint: `Name one of its contexts as \`compute.auth.context\`: ${known.join(", ") || "it has none"}.`,
      },
    );
  }
  return compose(
    {
      ...cluster,
      ...(uri === undefined ? {} : { server: uri.replace(/\/+$/, "") }),
      ...(auth["cert-verify"] ? {} : { skipTLSVerify: true }),
    },
    user,
  );
}

function kubeconfigFiles({ config, baseDir, env }: AuthInput): string[] {
  const configured = config.compute.auth.kubeconfig;
  const home = env["HOME"] ?? env["USERPROFILE"] ?? "";
  if (configured !== undefined) {
    const path = configured.replace(/^~(?=\/)/, home);
    return [isAbsolute(path) ? path : resolve(baseDir, path)];
  }
  const listed = (env["KUBECONFIG"] ?? "").split(process.platform === "win32" ? ";" : ":");
  const files = listed.filter((file) => file !== "");
  return files.length > 0 ? files.map((file) => resolve(file)) : [join(home, ".kube", "config")];
}

async function readKubeconfig(
  { secrets }: AuthInput,
  file: string,
  optional: boolean,
): Promise<KubeConfig | undefined> {
  let text: string;
  try {
    text = await secrets.readFile(file);
  } catch (error) {
    if (optional && isObject(error) && error["code"] === "ENOENT") return undefined;
    throw new ManagerError("CONFIG_INVALID", `The kubeconfig ${file} cannot be read.`, {
      cause: error,
      hint: "Name the file as `compute.auth.kubeconfig`, or in the environment variable KUBECONFIG.",
    });
  }
  try {
    const config = new KubeConfig();
    config.loadFromString(text);
    config.makePathsAbsolute(dirname(file));
    return config;
  } catch {
    // The parser's message quotes the lines around, which may be credentials.
    throw new ManagerError("CONFIG_INVALID", `The kubeconfig ${file} is damaged.`, {
      hint: "`kubectl config view` examines it.",
    });
  }
}

/** As kubectl does: what an earlier file has counts. */
function mergeMissing(into: KubeConfig, from: KubeConfig): void {
  for (const each of from.clusters)
    if (!into.clusters.some(({ name }) => name === each.name)) into.clusters.push(each);
  for (const each of from.users)
    if (!into.users.some(({ name }) => name === each.name)) into.users.push(each);
  for (const each of from.contexts)
    if (!into.contexts.some(({ name }) => name === each.name)) into.contexts.push(each);
  into.currentContext ||= from.currentContext;
}

function needUri(uri: string | undefined): string {
  if (uri !== undefined) return uri;
  throw new ManagerError(
    "CONFIG_INVALID",
    "`compute.uri` is missing: the address of the Kubernetes API server.",
  );
}

type SecretKey =
  | "certificate-authority-data"
  | "client-certificate-data"
  | "client-key-data"
  | "token";

async function secret(input: AuthInput, key: SecretKey): Promise<string> {
  const auth = input.config.compute.auth;
  const ref: SecretRef | undefined = auth[key];
  if (ref) return resolveSecret(ref, `compute.auth.${key}`, input.secrets, "base64");
  throw new ManagerError(
    "CONFIG_INVALID",
    `\`compute.auth.${key}\` is missing: the type ${auth.type} needs it.`,
  );
}

/** The library wants PEM texts in base64. */
async function encoded(input: AuthInput, key: SecretKey): Promise<string> {
  return Buffer.from(await secret(input, key)).toString("base64");
}
