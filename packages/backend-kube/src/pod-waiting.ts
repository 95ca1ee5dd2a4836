import { cloneFailure, registryOf, type ReasonCode } from "@juliarun/core";
import type { V1ContainerStatus, V1PodSpec, V1PodStatus } from "@kubernetes/client-node";
import { isObject } from "./is-object.ts";
import { repositoryOf } from "./manifests/git-volume.ts";
import { ANNOTATION } from "./manifests/labels.ts";

/** Why a pod does not run yet. */
export interface Waiting {
  readonly reason: ReasonCode;
  readonly message: string;
  /** Waiting will not help. */
  readonly hopeless?: boolean;
}

/** The kubelet's words for an image that it cannot get. */
const IMAGE: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
]);
const HOPELESS: ReadonlySet<string> = new Set(["InvalidImageName", "ErrImageNeverPull"]);
/** Its words for a container that it cannot make from what the pod asks for. */
const REFUSED: ReadonlySet<string> = new Set([
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

/** Reason and words from a pod's conditions and its containers' states, the same as on other engines. Pure. */
export function waitingOf(
  status: V1PodStatus | undefined,
  spec?: V1PodSpec,
  annotations: Readonly<Record<string, string>> = {},
): Waiting | undefined {
  const conditions = status?.conditions ?? [];
  const scheduled = conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") {
    return {
      reason: "WaitingForResources",
      message: `No node has room: ${sentence(scheduled.message ?? scheduled.reason)}`,
    };
  }
  const failure = preparationFailure(status?.initContainerStatuses ?? [], spec);
  if (failure) return failure;
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  for (const container of statuses) {
    const waiting = containerWaiting(container, annotations);
    if (waiting) return waiting;
  }
  const where = spec?.nodeName === undefined ? "" : ` on node ${spec.nodeName}`;
  return { reason: "Starting", message: `Is being started${where}.` };
}

/** Why a container that has to end well before the unit's begins did not. */
function preparationFailure(
  statuses: readonly V1ContainerStatus[],
  spec: V1PodSpec | undefined,
): Waiting | undefined {
  for (const { name, state, lastState } of statuses) {
    const end = state?.terminated ?? (state?.running ? undefined : lastState?.terminated);
    if (!end || end.exitCode === 0) continue;
    const words = sentence(end.message ?? `exit code ${end.exitCode}`);
    const container = spec?.initContainers?.find((each) => each.name === name);
    const repository = container && repositoryOf(container);
    if (repository !== undefined)
      return { reason: "VolumeUnavailable", message: cloneFailure(repository, words) };
    const message = `Container ${name}, which the unit waits for, failed: ${words}`;
    return { reason: "StartFailed", message };
  }
  return undefined;
}

function containerWaiting(
  { name, image, state }: V1ContainerStatus,
  annotations: Readonly<Record<string, string>>,
): Waiting | undefined {
  const { reason = "", message } = state?.waiting ?? {};
  const words = sentence(message ?? reason);
  if (IMAGE.has(reason)) {
    return {
      reason: "ImageNotFound",
      message: `Image ${image} cannot be pulled${accessTo(image, annotations)}: ${words}`,
      ...(HOPELESS.has(reason) ? { hopeless: true } : {}),
    };
  }
  if (REFUSED.has(reason))
    return { reason: "StartFailed", message: `Container ${name} cannot be made: ${words}` };
  return undefined;
}

/** Who asked the registry: a wrong password is often told like a missing image. */
function accessTo(image: string, annotations: Readonly<Record<string, string>>): string {
  const registry = registryOf(image);
  const words = parse(annotations[ANNOTATION.pullAccess] ?? "{}")[registry];
  return typeof words === "string" ? ` from ${registry} ${words}` : "";
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function sentence(text = "no reason given"): string {
  return text.replaceAll(/\s+/g, " ").trim().replace(/\.?$/, ".");
}
