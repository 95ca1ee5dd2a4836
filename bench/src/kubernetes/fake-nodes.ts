import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeClient } from "@juliarun/backend-kube";
import { ensureKwok } from "@juliarun/scripts/cluster";
import type { Progress } from "@juliarun/scripts/progress";
import type { V1Node } from "@kubernetes/client-node";
import { removeObject } from "./remove-object.ts";
import { stagesText } from "./stages.ts";

const ANNOTATION = "kwok.x-k8s.io/node";
const NODES = "/api/v1/nodes";
const COUNT = 12;
/** Smaller than a real node, but for the GPUs: pods that ask for one can go nowhere else. */
const RESOURCES = { cpu: "2", memory: "8Gi", pods: "250", "nvidia.com/gpu": "250" };
const READY_MS = 60_000;

/** What {@link FakeNodes.start} needs. */
export interface FakeNodesOptions {
  readonly client: KubeClient;
  readonly kubeconfig: string;
  /** For KWOK's configuration and messages. */
  readonly folder: string;
  /** Begins the nodes' names. */
  readonly prefix: string;
  readonly progress: Progress;
}

/** Nodes that KWOK plays: pods that ask for a GPU run there without being run. */
export class FakeNodes {
  readonly #client: KubeClient;
  readonly #names: readonly string[];
  readonly #kwok: ChildProcess;

  private constructor(client: KubeClient, names: readonly string[], kwok: ChildProcess) {
    this.#client = client;
    this.#names = names;
    this.#kwok = kwok;
  }

  static async start(options: FakeNodesOptions): Promise<FakeNodes> {
    const { client, prefix, folder } = options;
    const kwok = await startKwok(options);
    const names = Array.from({ length: COUNT }, (_, index) => `${prefix}-${index}`);
    const nodes = new FakeNodes(client, names, kwok);
    try {
      for (const name of names) await client.create<V1Node>(NODES, toNode(name));
      await nodes.#ready();
      return nodes;
    } catch (error) {
      await nodes.stop();
      throw new Error(
        `The simulated nodes did not become ready: see ${join(folder, "kwok.log")}.`,
        {
          cause: error,
        },
      );
    }
  }

  /** Their pods must be gone. */
  async stop(): Promise<void> {
    try {
      for (const name of this.#names) await removeObject(this.#client, `${NODES}/${name}`);
    } finally {
      await this.#stopKwok();
    }
  }

  async #stopKwok(): Promise<void> {
    if (this.#kwok.exitCode !== null || this.#kwok.signalCode !== null) return;
    const ended = once(this.#kwok, "exit");
    this.#kwok.kill();
    await ended;
  }

  async #ready(): Promise<void> {
    const until = performance.now() + READY_MS;
    for (const name of this.#names) {
      for (;;) {
        const { status } = await this.#client.get<V1Node>(`${NODES}/${name}`);
        if (status?.conditions?.some((each) => each.type === "Ready" && each.status === "True"))
          break;
        if (performance.now() > until) throw new Error(`${name} is not ready`);
        await delay(200);
      }
    }
  }
}

async function startKwok({
  kubeconfig,
  folder,
  progress,
}: FakeNodesOptions): Promise<ChildProcess> {
  const program = await ensureKwok(progress);
  const config = join(folder, "stages.yaml");
  await writeFile(config, stagesText());
  const log = openSync(join(folder, "kwok.log"), "a");
  try {
    const args = [
      `--kubeconfig=${kubeconfig}`,
      `--config=${config}`,
      "--manage-all-nodes=false",
      `--manage-nodes-with-annotation-selector=${ANNOTATION}=fake`,
      "--node-lease-duration-seconds=40",
      "--v=ERROR",
    ];
    const kwok = spawn(program, args, { stdio: ["ignore", log, log] });
    await once(kwok, "spawn");
    return kwok;
  } finally {
    closeSync(log);
  }
}

function toNode(name: string): V1Node {
  return {
    apiVersion: "v1",
    kind: "Node",
    // Without the label of an operating system no DaemonSet of the cluster takes it for a machine.
    metadata: { name, annotations: { [ANNOTATION]: "fake" } },
    // The scheduler sends a pod that fits elsewhere elsewhere.
    spec: { taints: [{ key: ANNOTATION, value: "fake", effect: "PreferNoSchedule" }] },
    status: { allocatable: RESOURCES, capacity: RESOURCES },
  };
}
