import type { ServicePort } from "@juliarun/core";
import type { V1Container, V1ContainerPort, V1PodTemplateSpec } from "@kubernetes/client-node";
import type { ControllerKind } from "./controller-kind.ts";
import type { ControllerRequest } from "./controller-request.ts";
import { toEnvironment } from "./environment.ts";
import { escapeExpansion } from "./escape-expansion.ts";
import { unitMetadata } from "./job-metadata.ts";
import { ANNOTATION, CONTAINER } from "./labels.ts";
import { toPullAccess } from "./pull-access.ts";
import { toResourceRequirements } from "./resources.ts";
import { containerSecurity, podSecurity } from "./security-context.ts";
import { serviceContainer, servicePodLabels, terminationSeconds } from "./service-pod.ts";
import { parseUnitUser } from "./unit-user.ts";
import { toVolumes } from "./volumes.ts";

/**
 * The pods of a group.
 * @throws ManagerError SPEC_INVALID for a user given by name; CAPABILITY_UNSUPPORTED for a volume that cannot be mounted.
 */
export function toPodTemplate(request: ControllerRequest, kind: ControllerKind): V1PodTemplateSpec {
  const { record, group, setting } = request;
  const user = parseUnitUser(group.container.user);
  const { volumes, mounts, initContainers } = toVolumes(request, user);
  const container: V1Container = {
    name: CONTAINER,
    image: group.container.image,
    imagePullPolicy: "IfNotPresent",
    // Not `command`: an image keeps its entry point, as on the Docker Engine.
    ...(group.container.command.length === 0
      ? {}
      : { args: group.container.command.map((argument) => escapeExpansion(argument)) }),
    env: toEnvironment(record, group, kind),
    resources: toResourceRequirements(group.container.resources),
    securityContext: containerSecurity(group.container.capabilities),
    ...(group.container.ports.length === 0 ? {} : { ports: toPorts(group.container.ports) }),
    ...(mounts.length === 0 ? {} : { volumeMounts: [...mounts] }),
    ...serviceContainer(group),
  };
  const images = [container, ...initContainers].map(({ image = "" }) => image);
  const pull = toPullAccess(record, images, setting.registries);
  const own = unitMetadata(record, group.role);
  const metadata = { ...own, labels: { ...own.labels, ...servicePodLabels(request) } };
  return {
    metadata:
      pull.secrets.length === 0
        ? metadata
        : {
            ...metadata,
            annotations: {
              ...metadata.annotations,
              [ANNOTATION.pullAccess]: JSON.stringify(pull.words),
            },
          },
    spec: {
      restartPolicy: kind === "Job" ? "Never" : "Always",
      terminationGracePeriodSeconds: terminationSeconds(group),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: podSecurity(user),
      ...(pull.secrets.length === 0 ? {} : { imagePullSecrets: [...pull.secrets] }),
      ...(initContainers.length === 0 ? {} : { initContainers: [...initContainers] }),
      containers: [container],
      ...(volumes.length === 0 ? {} : { volumes: [...volumes] }),
    },
  };
}

/** Several service ports may lead to one of the container's, which Kubernetes wants once. */
function toPorts(ports: readonly ServicePort[]): V1ContainerPort[] {
  const byNumber = new Map(ports.toReversed().map((port) => [port.containerPort, port]));
  return ports
    .filter((port) => byNumber.get(port.containerPort) === port)
    .map(({ name, containerPort }) => ({ name, containerPort }));
}
