import { formatCpu, formatMemory, type Resources } from "@juliarun/core";
import type { V1ResourceRequirements } from "@kubernetes/client-node";

/** Name under which device plugins offer GPUs. */
const GPU = "nvidia.com/gpu";

/** CPU as requested, up to its limit; memory is requested and limited alike; GPUs need no request beside their limit. */
export function toResourceRequirements(resources: Resources): V1ResourceRequirements {
  const { cpuMillis, cpuLimitMillis, gpus } = resources;
  const requests = {
    // Without a request, the limit would be it.
    cpu: formatCpu(Math.max(1, cpuMillis)),
    memory: formatMemory(Math.max(1, resources.memoryBytes)),
  };
  return {
    requests,
    limits: {
      cpu: formatCpu(Math.max(1, cpuMillis, cpuLimitMillis)),
      memory: requests.memory,
      ...(gpus === 0 ? {} : { [GPU]: String(gpus) }),
    },
  };
}
