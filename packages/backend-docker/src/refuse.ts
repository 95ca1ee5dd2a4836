import { ManagerError, type JobPlan } from "@juliarun/core";
import { refuseUnsupportedVolumes } from "./volumes.ts";

/** The engine's own lower bound. */
const MIN_MEMORY_BYTES = 6 * 1024 * 1024;

/**
 * Refuses what the Docker Engine cannot do, before a name is claimed.
 * @throws ManagerError CAPABILITY_UNSUPPORTED, SPEC_INVALID.
 */
export function refuseUnsupported(plan: JobPlan): void {
  refuseUnsupportedVolumes(plan);
  for (const { role, lifecycle, replicas, container } of plan.groups) {
    if (container.resources.memoryBytes < MIN_MEMORY_BYTES) {
      throw new ManagerError(
        "SPEC_INVALID",
        `The ${role} asks for ${container.resources.memoryBytes} bytes of memory: the Docker Engine needs at least 6 MiB.`,
        { hint: "Ask for more memory; Julia itself needs about 200 MiB." },
      );
    }
    if (lifecycle === "task" && plan.external && replicas > 1 && container.ports.length > 0) {
      throw new ManagerError(
        "CAPABILITY_UNSUPPORTED",
        `${replicas} units cannot share a port of this machine.`,
        { hint: "Ask for one unit, or leave out `external`." },
      );
    }
  }
}
