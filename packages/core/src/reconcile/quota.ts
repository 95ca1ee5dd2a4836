import type { JobRecord } from "../record/job-record.ts";
import { formatCpu } from "../quantity/cpu.ts";
import { formatMemory } from "../quantity/memory.ts";

/** What the unfinished jobs of a namespace may be and ask for together; what is absent has no bound. */
export interface Quota {
  readonly jobs?: number;
  /** Thousandths of a core. */
  readonly cpuMillis?: number;
  readonly memoryBytes?: number;
}

type Counted = Pick<JobRecord, "namespace" | "name" | "plan" | "requestedWorkers">;

interface Demand {
  readonly jobs: number;
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

/**
 * What is wrong with a job, or a change of one, in a namespace with that quota, in words; undefined where it keeps to it. What has
 * ended does not count. Pure.
 * @param others - of all namespaces; an earlier state of the job itself does not count.
 */
export function quotaExcess(
  quota: Quota,
  job: Counted,
  others: readonly JobRecord[],
): string | undefined {
  const counted = others.filter(
    ({ namespace, name, outcome }) =>
      namespace === job.namespace && name !== job.name && outcome === undefined,
  );
  const demands = [job, ...counted].map((each) => demandOf(each));
  for (const [what, name, format] of KINDS) {
    const allowed = quota[what];
    const wanted = demands[0]?.[what] ?? 0;
    const all = demands.reduce((sum, demand) => sum + demand[what], 0);
    if (allowed === undefined || all <= allowed) continue;
    return `${name} ${format(wanted)}; its other jobs have ${format(all - wanted)}, the quota allows ${format(allowed)}`;
  }
  return undefined;
}

const KINDS = [
  ["jobs", "jobs", String],
  ["cpuMillis", "cpu", formatCpu],
  ["memoryBytes", "memory", formatMemory],
] as const;

/** With all workers that are asked for, whether they run or wait. */
function demandOf({ plan, requestedWorkers }: Counted): Demand {
  let [cpuMillis, memoryBytes] = [0, 0];
  for (const { role, replicas, container } of plan.groups) {
    const units = role === "worker" ? requestedWorkers : replicas;
    cpuMillis += units * container.resources.cpuMillis;
    memoryBytes += units * container.resources.memoryBytes;
  }
  return { jobs: 1, cpuMillis, memoryBytes };
}
