import { graceSecondsOf, revisionOf, type Readiness, type UnitGroup } from "@juliarun/core";
import type { V1Container, V1ObjectMeta, V1Probe } from "@kubernetes/client-node";
import type { ControllerRequest } from "./controller-request.ts";
import { ANNOTATION, LABEL } from "./labels.ts";

/**
 * How long a pod that is being ended goes on serving: everybody who balances load has to learn first that it is leaving, else they
 * send it connections that nobody accepts any more.
 */
const LEAVE_SECONDS = 3;

/** Labels of a service's pods; another revision is another template, which makes the controller replace them. */
export function servicePodLabels({ record, group }: ControllerRequest): Record<string, string> {
  return group.lifecycle === "service" ? { [LABEL.revision]: String(revisionOf(record)) } : {};
}

/** When a unit of a service gets connections, and how it leaves. */
export function serviceContainer(
  group: UnitGroup,
): Pick<V1Container, "readinessProbe" | "lifecycle"> {
  if (group.readiness === undefined) return {};
  return {
    readinessProbe: toProbe(group.readiness),
    lifecycle: { preStop: { sleep: { seconds: LEAVE_SECONDS } } },
  };
}

/** Seconds from the moment in which a pod is asked to end until it is killed. */
export function terminationSeconds(group: UnitGroup): number {
  return graceSecondsOf(group) + (group.readiness === undefined ? 0 : LEAVE_SECONDS);
}

/** Annotations of a controller that has one pod more than wanted while its pods are replaced. */
export function surgeAnnotations(
  metadata: Pick<V1ObjectMeta, "annotations"> | undefined,
  surge: boolean,
): Record<string, string> {
  const own = metadata?.annotations ?? {};
  return surge ? { ...own, [ANNOTATION.surge]: "true" } : own;
}

function toProbe(readiness: Readiness): V1Probe {
  const { port } = readiness;
  return {
    ...(readiness.kind === "tcp"
      ? { tcpSocket: { port } }
      : { httpGet: { port, path: readiness.path } }),
    periodSeconds: 1,
    timeoutSeconds: 2,
    failureThreshold: 3,
  };
}
