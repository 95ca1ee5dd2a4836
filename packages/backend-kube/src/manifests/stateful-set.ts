import type { V1StatefulSet } from "@kubernetes/client-node";
import type { ControllerRequest } from "./controller-request.ts";
import { controllerMetadata, podSelector } from "./job-metadata.ts";
import { controllerName, serviceName } from "./names.ts";
import { toPodTemplate } from "./pod-template.ts";

/** StatefulSet of workers beside a master, or of units that always restart: numbered pods, started and ended all at once. */
export function toStatefulSet(request: ControllerRequest): V1StatefulSet {
  const { record, group, replicas, setting } = request;
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: controllerMetadata(
      record,
      group.role,
      controllerName(record, group.role),
      setting.owner,
    ),
    spec: {
      replicas,
      serviceName: serviceName(record),
      podManagementPolicy: "Parallel",
      selector: { matchLabels: podSelector(record, group.role) },
      template: toPodTemplate(request, "StatefulSet"),
    },
  };
}
