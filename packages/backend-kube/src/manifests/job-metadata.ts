import type { JobRecord, UnitRole } from "@juliarun/core";
import type { V1ObjectMeta } from "@kubernetes/client-node";
import { ANNOTATION, COMPONENT, LABEL, MANAGER } from "./labels.ts";
import { toOwnerReference, type RecordOwner } from "./owner-reference.ts";

/** Metadata of a job's Secret or Service. */
export function partMetadata(record: JobRecord, name: string, owner: RecordOwner): V1ObjectMeta {
  return {
    name,
    namespace: record.namespace,
    labels: { ...jobLabels(record), [LABEL.component]: COMPONENT.part },
    ownerReferences: [toOwnerReference(owner)],
  };
}

/** Metadata of a group's controller. */
export function controllerMetadata(
  record: JobRecord,
  role: UnitRole,
  name: string,
  owner: RecordOwner,
): V1ObjectMeta {
  return {
    name,
    namespace: record.namespace,
    ...unitMetadata(record, role),
    ownerReferences: [toOwnerReference(owner)],
  };
}

/** Labels and annotations of a group's pods and their controller. */
export function unitMetadata(
  record: JobRecord,
  role: UnitRole,
): Pick<V1ObjectMeta, "labels" | "annotations"> {
  const { labels } = record.plan;
  return {
    labels: { ...jobLabels(record), [LABEL.component]: COMPONENT.unit, [LABEL.role]: role },
    ...(Object.keys(labels).length === 0
      ? {}
      : { annotations: { [ANNOTATION.labels]: JSON.stringify(labels) } }),
  };
}

/** Selects the pods of a group of this submit, as a Service or a controller does. */
export function podSelector(
  { uid }: Pick<JobRecord, "uid">,
  role: UnitRole,
): Record<string, string> {
  return { [LABEL.uid]: uid, [LABEL.role]: role };
}

function jobLabels({ name, uid }: JobRecord): Record<string, string> {
  return { [LABEL.managedBy]: MANAGER, [LABEL.job]: name, [LABEL.uid]: uid };
}
