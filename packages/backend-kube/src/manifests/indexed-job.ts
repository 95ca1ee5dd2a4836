import type { V1Job } from "@kubernetes/client-node";
import type { ControllerRequest } from "./controller-request.ts";
import { controllerMetadata } from "./job-metadata.ts";
import { controllerName } from "./names.ts";
import { toPodTemplate } from "./pod-template.ts";

/**
 * Indexed Job of a master, or of workers without one: a pod an index, each with restarts of its own. The Job as a whole has
 * no limit (`backoffLimit` defaults to the largest number where there is one per index), no deadline and no time to live: those
 * are decided by the record. Without units only `parallelism` is 0, as a Job of no completions is complete for good.
 */
export function toIndexedJob(request: ControllerRequest): V1Job {
  const { record, group, replicas, setting } = request;
  const { policy, maxRestarts } = group.restart;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: controllerMetadata(
      record,
      group.role,
      controllerName(record, group.role),
      setting.owner,
    ),
    spec: {
      completionMode: "Indexed",
      parallelism: replicas,
      completions: Math.max(1, replicas),
      backoffLimitPerIndex: policy === "never" ? 0 : maxRestarts,
      // Evictions and lost nodes are no failures of the program.
      podFailurePolicy: {
        rules: [
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        ],
      },
      podReplacementPolicy: "Failed",
      template: toPodTemplate(request, "Job"),
    },
  };
}
