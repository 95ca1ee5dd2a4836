import { readFile } from "node:fs/promises";
import { ClusterNode } from "@juliarun/scripts/cluster";
import type { KubeClient } from "@juliarun/backend-kube";
import { inject, vi } from "vitest";

const MANIFEST = "/etc/kubernetes/manifests/kube-apiserver.yaml";
const ASIDE = "/etc/kubernetes/kube-apiserver.yaml.aside";
const PATIENCE = { timeout: 90_000, interval: 500 };
/** An answer takes much less. */
const ANSWER_MS = 2000;

/** The API server of a kind cluster, which can be stopped. Disposing of it starts it again. */
export class ApiServer implements AsyncDisposable {
  readonly #node: ClusterNode;
  readonly #client: KubeClient;
  #stopped = false;

  private constructor(node: ClusterNode, client: KubeClient) {
    this.#node = node;
    this.#client = client;
  }

  /** Fails where the cluster is not kind's. */
  static async of(client: KubeClient): Promise<ApiServer> {
    const cluster = await kindCluster();
    if (cluster === undefined) throw new Error("The cluster is not kind's.");
    return new ApiServer(new ClusterNode(cluster), client);
  }

  /** Resolves when it answers no more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#move(MANIFEST, ASIDE);
    await vi.waitFor(async () => {
      if (await this.#answers()) throw new Error("The API server still answers.");
    }, PATIENCE);
  }

  /** Resolves when it answers again. */
  async start(): Promise<void> {
    if (!this.#stopped) return;
    await this.#move(ASIDE, MANIFEST);
    this.#stopped = false;
    await vi.waitFor(async () => {
      if (!(await this.#answers())) throw new Error("The API server does not answer.");
    }, PATIENCE);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.start();
  }

  async #move(from: string, to: string): Promise<void> {
    await this.#node.run(["mv", from, to], "Moving the API server's manifest");
  }

  async #answers(): Promise<boolean> {
    try {
      const { items } = await this.#client.get<{ items: object[] }>("/api/v1/namespaces", {
        timeoutMs: ANSWER_MS,
      });
      return items.length > 0;
    } catch {
      return false;
    }
  }
}

/** Why the API server cannot be stopped; undefined where it can. */
export async function whyNoStop(): Promise<string | undefined> {
  return (await kindCluster()) === undefined
    ? "the API server of a cluster that is not kind's cannot be stopped"
    : undefined;
}

/** Name of the kind cluster; undefined where there is none, or it is another's. */
async function kindCluster(): Promise<string | undefined> {
  const cluster = inject("kubernetes");
  if (!cluster.available) return undefined;
  const kubeconfig = await readFile(cluster.kubeconfig, "utf8");
  return /^current-context: kind-(\S+)$/m.exec(kubeconfig)?.[1];
}
