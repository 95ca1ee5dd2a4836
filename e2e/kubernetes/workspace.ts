import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { KubeClient } from "@juliarun/backend-kube";
import { findConfig } from "@juliarun/sdk";
import { inject, onTestFinished } from "vitest";
import { JrunFolder } from "../jrun/jrun-folder.ts";
import { makeServiceAccount } from "./service-account.ts";

/** How a workspace differs from the usual one. */
export interface KubeWorkspaceOptions {
  /** More keys of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** More kinds of its `storage`. */
  readonly storage?: Readonly<Record<string, unknown>>;
  /** More host folders as volumes, from a folder that is made for them on the run volume's machine. */
  readonly bundle?: (path: string) => readonly object[];
  /** Also has the image `git`: a shell with git. */
  readonly git?: boolean;
  /** Also has the image `git`, which is a git server, and a git that trusts it. */
  readonly gitserver?: boolean;
  /** Also has the read-only volume `fixed`: this folder of the node. */
  readonly fixed?: string;
  /** Also has the images `nginx` and `rabbitmq`. */
  readonly servers?: boolean;
  /** More keys of its `compute`. */
  readonly compute?: Readonly<Record<string, unknown>>;
  /** Labels of the namespace, such as a level of Pod Security. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Use the administrator's kubeconfig instead of the token of a service account with the role of `deploy/kubernetes`. */
  readonly administrator?: boolean;
  /** Where tests run at the same time, the `onTestFinished` of the test's context: the global one does not know whose it is. */
  readonly onTestFinished?: (end: () => Promise<void>) => void;
}

/** What of an object matters here. */
interface Named {
  readonly metadata: { readonly name: string };
}

/** What jobs are made of. Pods first: they take longest to go. */
const RESOURCES = ["pods", "jobs", "statefulsets", "services", "secrets", "configmaps"] as const;

/**
 * A user's folder for a namespace of the cluster of all tests: configuration, run volume, and the real `jrun` in it. Its user is a
 * service account with the role of `deploy/kubernetes/role.yaml` and nothing else.
 */
export class KubeWorkspace extends JrunFolder implements AsyncDisposable {
  /** The cluster's administrator. */
  readonly client: KubeClient;
  #removal: Promise<void> | undefined;

  private constructor(folder: string, volume: string, client: KubeClient) {
    const { namespace } = client;
    super({ folder, namespace, stateFolder: join(folder, "state"), volume });
    this.client = client;
  }

  /**
   * Within a test, with which it ends, even where that runs out of time.
   * Volume `juliarun`, image `julia` (the default one), and image `sh`, which runs shell scripts cheaply.
   * Jobs run as this process's user, so that the run volume can be removed.
   */
  static async create({
    administrator = false,
    ...options
  }: KubeWorkspaceOptions = {}): Promise<KubeWorkspace> {
    const { kubeconfig, hostFolder, images } = usableCluster();
    const folder = await mkdtemp(join(tmpdir(), "jrun-e2e-"));
    const namespace = `e2e-${randomBytes(5).toString("hex")}`;
    const volume = join(hostFolder, namespace);
    const client = await openAdministrator(folder, kubeconfig, namespace);
    const workspace = new KubeWorkspace(folder, volume, client);
    const atEnd = options.onTestFinished ?? onTestFinished;
    atEnd(async () => workspace[Symbol.asyncDispose]());
    await mkdir(volume);
    const metadata = { name: namespace, labels: { ...options.labels } };
    await client.create("/api/v1/namespaces", { metadata });
    const access = administrator
      ? { auth: { type: "kubeconfig", kubeconfig } }
      : (await makeServiceAccount(client)).access;
    const { uid, gid } = userInfo();
    const user = `${uid}:${gid}`;
    const config = {
      clustertype: "Kubernetes",
      compute: { namespace, ...access, ...options.compute },
      storage: {
        hostpath: [
          { name: "juliarun", path: volume, readonly: false },
          ...(options.fixed === undefined
            ? []
            : [{ name: "fixed", path: options.fixed, readonly: true }]),
          ...(options.bundle?.(join(volume, "pkgs")) ?? []),
        ],
        ...options.storage,
      },
      images: {
        julia: { image: images.julia, executable: "julia", user },
        sh: { image: images.busybox, executable: "sh", user },
        // A web server begins as root, to listen at port 80.
        ...(options.servers
          ? {
              nginx: { image: images.nginx, executable: "nginx" },
              rabbitmq: { image: images.rabbitmq, executable: "rabbitmq-server", user },
            }
          : {}),
        ...(options.git ? { git: { image: images.git, executable: "sh", user } } : {}),
        ...(options.gitserver ? { git: { image: images.gitserver, executable: "sh", user } } : {}),
      },
      ...options.config,
    };
    await writeFile(join(folder, "config.json"), JSON.stringify(config, undefined, 2));
    return workspace;
  }

  /** Names of everything in the namespace that belongs to jobs, as `pods/<name>`; what they share is left out. */
  async objects(): Promise<string[]> {
    const labelSelector =
      "app.kubernetes.io/managed-by=juliarun,app.kubernetes.io/component!=runtime";
    const names: string[] = [];
    for (const resource of RESOURCES) {
      const path = this.client.path(resource);
      for await (const { items } of this.client.pages<Named>(path, { query: { labelSelector } }))
        names.push(...items.map(({ metadata }) => `${resource}/${metadata.name}`));
    }
    return names;
  }

  /** Ends its commands and its agent, then removes the namespace with everything in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#removal ??= this.#remove();
    return this.#removal;
  }

  async #remove(): Promise<void> {
    await this.endCommands();
    // A Job keeps the last failed pod of an index until it has made another, which a namespace that is being deleted refuses:
    // neither would ever be gone.
    await this.client.delete(this.client.path("jobs"));
    await this.client.delete(`/api/v1/namespaces/${this.namespace}`);
    this.client.close();
    // Pods that still end, and an agent that a killed command had just started, may still write.
    for (const folder of [this.folder, this.volume])
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Why tests that need a folder on the node cannot run; undefined where they can. */
export function whyNoKubernetes(): string | undefined {
  const cluster = inject("kubernetes");
  if (!cluster.available) return cluster.reason;
  return cluster.hostFolder === undefined
    ? "the given cluster shares no folder with this machine (JRUN_TEST_HOST_FOLDER)"
    : undefined;
}

function usableCluster() {
  const cluster = inject("kubernetes");
  if (!cluster.available || cluster.hostFolder === undefined)
    throw new Error(`There is no cluster to use: ${whyNoKubernetes()}`);
  return { ...cluster, hostFolder: cluster.hostFolder };
}

async function openAdministrator(
  cwd: string,
  kubeconfig: string,
  namespace: string,
): Promise<KubeClient> {
  const compute = { auth: { type: "kubeconfig" as const, kubeconfig } };
  const { config } = await findConfig({ config: { compute }, env: {}, cwd });
  const secrets = {
    readFile: async (path: string) => readFile(path, "utf8"),
    env: () => undefined,
  };
  return KubeClient.open({ config, baseDir: cwd, env: {}, secrets }, namespace);
}
