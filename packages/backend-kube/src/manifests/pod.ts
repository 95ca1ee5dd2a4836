import type { V1Pod } from "@kubernetes/client-node";
import { controllerKind } from "./controller-kind.ts";
import type { ControllerRequest } from "./controller-request.ts";
import { unitMetadata } from "./job-metadata.ts";
import { controllerName } from "./names.ts";
import { toPodTemplate } from "./pod-template.ts";

/**
 * A pod of a group for a dry run on the server: Pod Security and quota refuse pods, not the controllers that would make them.
 * It has no owner, so that it may be tried before the record is there.
 */
export function toTrialPod(request: ControllerRequest): V1Pod {
  const { record, group } = request;
  const { spec } = toPodTemplate(request, controllerKind(group));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...unitMetadata(record, group.role),
      name: `${controllerName(record, group.role)}-trial`,
      namespace: record.namespace,
    },
    ...(spec === undefined ? {} : { spec }),
  };
}
