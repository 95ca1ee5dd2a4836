import type { Capacity, ClusterInfo } from "../backend/cluster-info.ts";
import { unitName } from "../plan/unit-id.ts";
import { takeSurvey } from "./take-survey.ts";
import type { UnitCluster } from "./unit-cluster.ts";

/** Fills in what the running units requested, and the configured capacity, for an engine of one node. */
export async function allocation(
  cluster: UnitCluster,
  info: ClusterInfo,
  signal?: AbortSignal,
): Promise<ClusterInfo> {
  const [node, ...others] = info.nodes;
  if (!node || others.length > 0) return info;
  const survey = await takeSurvey(cluster.parts.store, cluster.parts.engine, () => false, signal);
  const allocated = { cpuMillis: 0, memoryBytes: 0, gpus: 0 };
  for (const record of survey.records) {
    for (const unit of survey.unitsOf.get(record.uid) ?? []) {
      if (unit.state === "exited" || record.units[unitName(unit)]?.final) continue;
      const group = record.plan.groups.find((candidate) => candidate.role === unit.role);
      if (group) add(allocated, group.container.resources);
    }
  }
  return {
    ...info,
    nodes: [{ ...node, capacity: cluster.parts.capacity ?? node.capacity, allocated }],
  };
}

function add(sum: { -readonly [Key in keyof Capacity]: Capacity[Key] }, use: Capacity): void {
  sum.cpuMillis += use.cpuMillis;
  sum.memoryBytes += use.memoryBytes;
  sum.gpus += use.gpus;
}
