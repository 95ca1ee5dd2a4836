import type { UnitRole } from "@juliarun/core";
import type { V1Job, V1StatefulSet } from "@kubernetes/client-node";
import { isInIntervals } from "./index-intervals.ts";
import { ANNOTATION, LABEL } from "./manifests/labels.ts";
import { toRevision, toTime } from "./slim-pod.ts";

/** What is kept of a Job or a StatefulSet. */
export interface SlimController {
  readonly kind: "Job" | "StatefulSet";
  readonly name: string;
  readonly jobUid: string;
  readonly role: UnitRole;
  /** Units that it is to have now. */
  readonly replicas: number;
  readonly deleting: boolean;
  /** Of a service: number of the update that its pods are to be made from. */
  readonly revision?: number;
  /** Of a service: it has one unit more than wanted, while its pods are replaced. */
  readonly surge?: boolean;
  /** Of a Job: it was told to end as a whole. */
  readonly ending: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Of a Job: its indexes, also while it is to have no units. */
  readonly completions: number;
  /** Of a Job: indexes that ended well and those that failed for good, such as `0-4,7`. */
  readonly completed: string;
  readonly failed: string;
  /** Of a Job: failures after which an index is given up. */
  readonly failureLimit: number;
  /** Of a Job: it has ended as a whole. */
  readonly finished?: { readonly well: boolean; readonly message: string; readonly at: number };
}

/** Undefined for one that is not a group's. */
export function toSlimJob({ metadata, spec, status }: V1Job): SlimController | undefined {
  const identity = identify(metadata);
  if (!identity) return undefined;
  const ended = (status?.conditions ?? []).find(
    ({ type, status: value }) => value === "True" && (type === "Complete" || type === "Failed"),
  );
  return {
    ...identity,
    kind: "Job",
    ending: spec?.activeDeadlineSeconds !== undefined,
    replicas: spec?.parallelism ?? 0,
    completions: spec?.completions ?? 0,
    completed: status?.completedIndexes ?? "",
    failed: status?.failedIndexes ?? "",
    failureLimit: spec?.backoffLimitPerIndex ?? 0,
    ...(ended
      ? {
          finished: {
            well: ended.type === "Complete",
            message: ended.message ?? ended.reason ?? "",
            at: toTime(ended.lastTransitionTime) ?? 0,
          },
        }
      : {}),
  };
}

/** Undefined for one that is not a group's. */
export function toSlimStatefulSet({ metadata, spec }: V1StatefulSet): SlimController | undefined {
  const identity = identify(metadata);
  if (!identity) return undefined;
  const replicas = spec?.replicas ?? 0;
  const counts = { replicas, completions: replicas, failureLimit: 0 };
  return {
    ...identity,
    kind: "StatefulSet",
    ...toRevision(spec?.template?.metadata?.labels?.[LABEL.revision]),
    ...(metadata?.annotations?.[ANNOTATION.surge] === undefined ? {} : { surge: true }),
    ending: false,
    ...counts,
    completed: "",
    failed: "",
  };
}

/** Whether the index of a Job has ended for good, and how. */
export function indexEnd(
  controller: SlimController,
  index: number,
): "completed" | "failed" | undefined {
  if (isInIntervals(controller.completed, index)) return "completed";
  return isInIntervals(controller.failed, index) ? "failed" : undefined;
}

function identify(
  metadata: V1Job["metadata"],
): Pick<SlimController, "name" | "jobUid" | "role" | "deleting" | "createdAt"> | undefined {
  const jobUid = metadata?.labels?.[LABEL.uid];
  const role = metadata?.labels?.[LABEL.role];
  if (!metadata?.name || jobUid === undefined || (role !== "master" && role !== "worker"))
    return undefined;
  return {
    name: metadata.name,
    jobUid,
    role,
    deleting: metadata.deletionTimestamp !== undefined,
    createdAt: toTime(metadata.creationTimestamp) ?? 0,
  };
}
