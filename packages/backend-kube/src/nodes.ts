import { isManagerError, type Capacity, type NodeInfo } from "@juliarun/core";
import type { V1Node, V1Pod } from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import { quantityValue } from "./quantity.ts";

/** Nodes come and go, not by the second. */
const FRESH_MS = 15_000;
const GPU = "nvidia.com/gpu";

/** The cluster's machines, as far as one may see them. */
export class Nodes {
  readonly #client: KubeClient;
  #readAt = -Infinity;
  #known: Promise<readonly V1Node[]> | undefined;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /** What jobs may use of each node that takes pods; empty where that may not be seen. Asked at most every 15 s. */
  async capacities(signal?: AbortSignal): Promise<Capacity[]> {
    return (await this.#read(signal)).filter(takesPods).map(({ status }) => allocatable(status));
  }

  /** With what all pods of the cluster ask for, where these may be seen. */
  async describe(signal?: AbortSignal): Promise<NodeInfo[]> {
    const [nodes, used] = await Promise.all([this.#read(signal), this.#requests(signal)]);
    return nodes.map(({ metadata, status }) => ({
      name: metadata?.name ?? "",
      ready: (status?.conditions ?? []).some(
        (condition) => condition.type === "Ready" && condition.status === "True",
      ),
      capacity: allocatable(status),
      allocated: used.get(metadata?.name ?? "") ?? NOTHING,
    }));
  }

  async #read(signal?: AbortSignal): Promise<readonly V1Node[]> {
    if (performance.now() - this.#readAt > FRESH_MS) {
      this.#readAt = performance.now();
      this.#known = allowed(this.#list<V1Node>("/api/v1/nodes", {}, signal));
      this.#known.catch(() => (this.#readAt = -Infinity));
    }
    return (await this.#known) ?? [];
  }

  async #requests(signal?: AbortSignal): Promise<Map<string, Capacity>> {
    const fieldSelector = "status.phase!=Succeeded,status.phase!=Failed";
    const pods = await allowed(this.#list<V1Pod>("/api/v1/pods", { fieldSelector }, signal));
    const used = new Map<string, Capacity>();
    for (const { spec } of pods) {
      const node = spec?.nodeName;
      if (node === undefined) continue;
      const requests =
        spec?.containers.map(({ resources }) => toCapacity(resources?.requests)) ?? [];
      used.set(node, requests.reduce(add, used.get(node) ?? NOTHING));
    }
    return used;
  }

  async #list<T>(
    path: string,
    query: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<T[]> {
    const all: T[] = [];
    for await (const { items } of this.#client.pages<T>(path, { query, signal }))
      all.push(...items);
    return all;
  }
}

const NOTHING: Capacity = { cpuMillis: 0, memoryBytes: 0, gpus: 0 };

/** Empty where the caller's rights end at their namespace. */
async function allowed<T>(listing: Promise<T[]>): Promise<T[]> {
  try {
    return await listing;
  } catch (error) {
    if (isManagerError(error, "FORBIDDEN")) return [];
    throw error;
  }
}

function takesPods({ spec }: V1Node): boolean {
  return spec?.unschedulable !== true;
}

function allocatable(status: V1Node["status"]): Capacity {
  return toCapacity(status?.allocatable);
}

function toCapacity(quantities: Readonly<Record<string, string>> = {}): Capacity {
  const { cpu = "0", memory = "0", [GPU]: gpus = "0" } = quantities;
  return {
    cpuMillis: Math.round(quantityValue(cpu) * 1000),
    memoryBytes: quantityValue(memory),
    gpus: quantityValue(gpus),
  };
}

function add(a: Capacity, b: Capacity): Capacity {
  return {
    cpuMillis: a.cpuMillis + b.cpuMillis,
    memoryBytes: a.memoryBytes + b.memoryBytes,
    gpus: a.gpus + b.gpus,
  };
}
