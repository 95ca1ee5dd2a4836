import type { KubeClient } from "@juliarun/backend-kube";
import { vi } from "vitest";

/** What tests look at in a pod. */
export interface TestPod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly initContainers?: readonly { readonly image: string }[];
    readonly imagePullSecrets?: readonly { readonly name: string }[];
  };
  readonly status: {
    readonly phase: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state?: { readonly running?: object };
    }[];
  };
}

/** Longer than a pod may take here, shorter than a test may. */
const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 250;

/** The pods of a job, or of one of its roles. */
export async function podsOf(client: KubeClient, job: string, role?: string): Promise<TestPod[]> {
  const labels = [`juliarun/job=${job}`, ...(role === undefined ? [] : [`juliarun/role=${role}`])];
  const query = { labelSelector: labels.join(",") };
  return (await client.get<{ items: TestPod[] }>(client.path("pods"), { query })).items;
}

/** Those that run and shall go on running, once there are so many. */
export async function runningPods(
  client: KubeClient,
  job: string,
  {
    role,
    count = 1,
    patienceMs = PATIENCE_MS,
  }: { readonly role?: string; readonly count?: number; readonly patienceMs?: number } = {},
): Promise<TestPod[]> {
  return vi.waitFor(
    async () => {
      const running = (await podsOf(client, job, role)).filter(runs);
      if (running.length !== count)
        throw new Error(`${running.length} pods of ${job} run, not ${count}`);
      return running;
    },
    { timeout: patienceMs, interval: LOOK_AGAIN_MS },
  );
}

/** Whether it runs and shall go on running. */
export function runs({ metadata, status }: TestPod): boolean {
  return metadata.deletionTimestamp === undefined && status.phase === "Running";
}

/** Has the cluster move a pod away, as when its node is drained. */
export async function evict(client: KubeClient, { metadata }: TestPod): Promise<void> {
  const { name } = metadata;
  await client.create(client.path("pods", name, "eviction"), {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name, namespace: client.namespace },
  });
}
