import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeClient } from "@juliarun/backend-kube";
import { ensureCluster, findCluster, type TestCluster } from "@juliarun/scripts/cluster";
import { findEngine } from "@juliarun/scripts/engine";
import { lineProgress } from "@juliarun/scripts/progress";
import type { V1Namespace } from "@kubernetes/client-node";
import { FakeNodes } from "./fake-nodes.ts";
import { OurNamespace } from "./our-namespace.ts";
import { RawPods } from "./raw-pods.ts";
import { openRawClient } from "./raw-client.ts";
import { removeObject } from "./remove-object.ts";

const NAMESPACES = "/api/v1/namespaces";

/** A namespace for raw jobs. */
export interface RawNamespace {
  readonly client: KubeClient;
  readonly pods: RawPods;
}

/** The test cluster, with namespaces and simulated nodes that go when this is closed. */
export class BenchKube {
  readonly cluster: TestCluster;
  readonly admin: KubeClient;
  readonly #prefix = `bench-${process.pid}`;
  readonly #folder: string;
  readonly #closers = new Map<string, () => Promise<void>>();
  #fakeNodes: Promise<FakeNodes> | undefined;
  #closed: Promise<void> | undefined;

  private constructor(cluster: TestCluster, admin: KubeClient, folder: string) {
    this.cluster = cluster;
    this.admin = admin;
    this.#folder = folder;
  }

  /** The cluster that the tests use; made where there is none. */
  static async open(): Promise<BenchKube> {
    const cluster = await usableCluster();
    const admin = await openRawClient(cluster.kubeconfig, "default");
    return new BenchKube(cluster, admin, await mkdtemp(join(tmpdir(), "jrun-bench-")));
  }

  /** Starts the simulated nodes, if they are not there. */
  async simulateNodes(): Promise<void> {
    this.#fakeNodes ??= FakeNodes.start({
      client: this.admin,
      kubeconfig: this.cluster.kubeconfig,
      folder: this.#folder,
      prefix: this.#prefix,
      progress: lineProgress(process.stderr),
    });
    await this.#fakeNodes;
  }

  /** A new namespace of ours while `work` runs. */
  async withOurs<T>(topic: string, work: (ours: OurNamespace) => Promise<T>): Promise<T> {
    const { kubeconfig, images } = this.cluster;
    return this.#within(`${this.#prefix}-${topic}`, async (namespace, onClose) => {
      const ours = await OurNamespace.open({ kubeconfig, image: images.busybox, namespace });
      onClose(async () => ours.close());
      return Promise.race([work(ours), ours.jobs.failure()]);
    });
  }

  /** A new namespace for raw jobs while `work` runs. */
  async withRaw<T>(topic: string, work: (raw: RawNamespace) => Promise<T>): Promise<T> {
    return this.#within(`${this.#prefix}-raw-${topic}`, async (namespace, onClose) => {
      const client = await openRawClient(this.cluster.kubeconfig, namespace);
      const pods = new RawPods(client);
      onClose(async () => {
        await pods.watch.close();
        client.close();
      });
      await pods.watch.ready();
      return Promise.race([work({ client, pods }), pods.watch.failure()]);
    });
  }

  /** Removes every object of this run. */
  async close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    try {
      const closing = [...this.#closers.values()].map(async (close) => close());
      const ends = await Promise.allSettled(closing);
      await (await this.#fakeNodes?.catch(() => undefined))?.stop();
      for (const end of ends) if (end.status === "rejected") throw end.reason;
    } finally {
      this.admin.close();
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  async #within<T>(
    namespace: string,
    work: (namespace: string, onClose: (end: () => Promise<void>) => void) => Promise<T>,
  ): Promise<T> {
    let end: (() => Promise<void>) | undefined;
    let closed: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      closed ??= this.#end(namespace, end);
      await closed;
      this.#closers.delete(namespace);
    };
    this.#closers.set(namespace, close);
    try {
      await this.admin.create<V1Namespace>(NAMESPACES, { metadata: { name: namespace } });
      return await work(namespace, (last) => (end = last));
    } finally {
      await close();
    }
  }

  async #end(namespace: string, end: (() => Promise<void>) | undefined): Promise<void> {
    try {
      await end?.();
    } finally {
      // What is measured next must not share the cluster with what is left of this.
      await removeObject(this.admin, `${NAMESPACES}/${namespace}`);
    }
  }
}

async function usableCluster(): Promise<TestCluster> {
  const found = await findCluster();
  if (!("reason" in found)) return found;
  const engine = await findEngine();
  if (!("docker" in engine)) throw new Error(`No Docker Engine answers: ${engine.reason}`);
  return ensureCluster({ docker: engine.docker }, lineProgress(process.stderr));
}
