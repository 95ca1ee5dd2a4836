import { examineCluster, KubeClient, type ClusterFacts } from "@juliarun/backend-kube";
import { volumeSources, type Config } from "@juliarun/core";
import { agentState, type AgentState } from "./agent-control.ts";
import type { Env } from "./agent-order.ts";
import type { KubeTarget } from "./agent-target.ts";
import { visitPlace } from "./agent-place.ts";
import { authOf } from "./kube-place.ts";

/** What there is to know of a cluster, of one namespace of it, and of this user's agent there. */
export interface KubeFacts extends ClusterFacts {
  readonly agent: AgentState;
}

/** Where to look. */
export interface ExamineKubeOptions {
  readonly config: Config;
  readonly baseDir: string;
  readonly namespace: string;
  readonly stateDir: string;
  readonly env: Env;
  readonly signal?: AbortSignal;
}

/** Looks at a cluster without changing anything. @throws ManagerError BACKEND_UNREACHABLE, UNAUTHENTICATED, CONFIG_INVALID. */
export async function examineKube({
  env,
  signal,
  ...options
}: ExamineKubeOptions): Promise<KubeFacts> {
  const target: KubeTarget = { kind: "kubernetes", ...options };
  const { config, baseDir, namespace } = options;
  const client = await KubeClient.open(authOf(target, env), namespace);
  try {
    const facts = await examineCluster(client, volumeSources(config.storage, baseDir), signal);
    return { ...facts, agent: await visitPlace(target, env, agentState) };
  } finally {
    client.close();
  }
}
