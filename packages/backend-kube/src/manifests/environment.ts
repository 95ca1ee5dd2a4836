import { ENV, unitEnvironment, type JobRecord, type UnitGroup } from "@juliarun/core";
import type { V1EnvVar } from "@kubernetes/client-node";
import type { ControllerKind } from "./controller-kind.ts";
import { escapeExpansion } from "./escape-expansion.ts";
import { isLinked } from "./linked.ts";
import { serviceName } from "./names.ts";

/** Tells the runtime wrapper to mark lines of stderr: the logs of a pod do not keep the streams apart. */
export const MARK_STDERR = "JRUN_MARK_STDERR";

/** Where a controller notes the number of a pod. */
const INDEX_FIELD: Readonly<Record<ControllerKind, string>> = {
  Job: "metadata.annotations['batch.kubernetes.io/job-completion-index']",
  StatefulSet: "metadata.labels['apps.kubernetes.io/pod-index']",
};

/**
 * The environment of every unit of a group: the same text for all, so a worker's number comes from its pod. What
 * is expanded stands after what it is made of: Kubernetes goes through the list once.
 */
export function toEnvironment(
  record: JobRecord,
  group: UnitGroup,
  kind: ControllerKind,
): V1EnvVar[] {
  const masterHost = isLinked(record.plan) ? serviceName(record) : undefined;
  const fixed: Record<string, string> = {
    ...group.container.env,
    ...unitEnvironment(record, { role: group.role, index: 0 }, masterHost),
    ...(group.container.runtime ? { [MARK_STDERR]: "1" } : {}),
  };
  const numbered: V1EnvVar[] =
    group.role === "worker"
      ? [
          { name: ENV.workerIndex, valueFrom: { fieldRef: { fieldPath: INDEX_FIELD[kind] } } },
          { name: ENV.unit, value: `worker-$(${ENV.workerIndex})` },
        ]
      : [];
  const own = new Set(numbered.map(({ name }) => name));
  return [
    ...Object.entries(fixed)
      .filter(([name]) => !own.has(name))
      .map(([name, value]) => ({ name, value: escapeExpansion(value) })),
    ...numbered,
  ];
}
