import type { ReasonCode, UnitRole } from "@juliarun/core";
import type {
  V1ContainerState,
  V1ContainerStatus,
  V1Pod,
  V1PodStatus,
} from "@kubernetes/client-node";
import { CONTAINER, LABEL } from "./manifests/labels.ts";
import { evictionOf } from "./pod-eviction.ts";
import { waitingOf } from "./pod-waiting.ts";

/** How a container ended. */
export interface PodEnd {
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** Why the kubelet ended it for its own doing. */
  readonly evicted?: string;
  /** The runtime could not start the program at all, in its words. */
  readonly startError?: string;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  readonly finishedAt?: number;
}

/** What is kept of a pod. */
export interface SlimPod {
  readonly name: string;
  readonly jobUid: string;
  readonly role: UnitRole;
  readonly index: number;
  readonly phase: string;
  /** Of a service: it answers, and is not being removed. */
  readonly ready?: boolean;
  /** Of a service: number of the update that it is made from. */
  readonly revision?: number;
  /** Being removed. */
  readonly deleting: boolean;
  /** Removed by the cluster for reasons of its own: eviction, a lost node, preemption. */
  readonly disrupted: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Since when its node can pull the images of its containers, milliseconds since 1970. */
  readonly readyToPullAt?: number;
  /** Earlier pods of this index that failed. */
  readonly failures: number;
  /** Restarts of the container inside the pod. */
  readonly restarts: number;
  readonly running?: { readonly startedAt?: number };
  /** The container's end, or its last one while it waits to be started again. */
  readonly end?: PodEnd;
  /** Why it does not run yet. */
  readonly waiting?: { readonly reason: ReasonCode; readonly message: string };
  /** It will never be pulled or started: no sense in waiting. */
  readonly hopeless?: boolean;
}

const INDEX_ANNOTATION = "batch.kubernetes.io/job-completion-index";
const FAILURES_ANNOTATION = "batch.kubernetes.io/job-index-failure-count";
const INDEX_LABEL = "apps.kubernetes.io/pod-index";

/** Undefined for a pod that is no unit of a job. */
export function toSlimPod({ metadata, status, spec }: V1Pod): SlimPod | undefined {
  const labels = metadata?.labels ?? {};
  const annotations = metadata?.annotations ?? {};
  const jobUid = labels[LABEL.uid];
  const role = labels[LABEL.role];
  const index = Number(annotations[INDEX_ANNOTATION] ?? labels[INDEX_LABEL] ?? "0");
  if (!metadata?.name || jobUid === undefined || (role !== "master" && role !== "worker"))
    return undefined;
  const container = status?.containerStatuses?.find(({ name }) => name === CONTAINER);
  const state = container?.state ?? {};
  const end = toEnd(
    state.terminated ?? (state.running ? undefined : lastEnd(container)),
    evictionOf(status, spec),
  );
  const waiting =
    state.running || state.terminated ? undefined : waitingOf(status, spec, annotations);
  return {
    name: metadata.name,
    jobUid,
    role,
    index,
    phase: status?.phase ?? "Pending",
    ...serviceFacts(metadata, status),
    deleting: metadata.deletionTimestamp !== undefined,
    disrupted: isTrue(status, "DisruptionTarget"),
    createdAt: toTime(metadata.creationTimestamp) ?? 0,
    ...readyToPull(status),
    failures: Number(annotations[FAILURES_ANNOTATION] ?? "0"),
    restarts: container?.restartCount ?? 0,
    ...(state.running ? { running: toRunning(state.running) } : {}),
    ...(end ? { end } : {}),
    ...(waiting ? { waiting: { reason: waiting.reason, message: waiting.message } } : {}),
    ...(waiting?.hopeless ? { hopeless: true } : {}),
  };
}

/** A pod may wait for a node as long as it takes, and its repositories be cloned before. */
const BEFORE_PULLING: ReadonlySet<string> = new Set([
  "PodScheduled",
  "PodReadyToStartContainers",
  "Initialized",
]);

function readyToPull(status: V1Pod["status"]): Pick<SlimPod, "readyToPullAt"> {
  const times = (status?.conditions ?? [])
    .filter(({ type, status: value }) => BEFORE_PULLING.has(type) && value === "True")
    .flatMap(({ lastTransitionTime }) => toTime(lastTransitionTime) ?? []);
  return times.length === 0 ? {} : { readyToPullAt: Math.max(...times) };
}

function isTrue(status: V1PodStatus | undefined, type: string): boolean {
  return (status?.conditions ?? []).some(
    (condition) => condition.type === type && condition.status === "True",
  );
}

function serviceFacts(
  { labels, deletionTimestamp }: NonNullable<V1Pod["metadata"]>,
  status: V1PodStatus | undefined,
): Pick<SlimPod, "ready" | "revision"> {
  const { revision } = toRevision(labels?.[LABEL.revision]);
  if (revision === undefined) return {};
  return { revision, ready: deletionTimestamp === undefined && isTrue(status, "Ready") };
}

/** From its label; nothing for what is no service's. */
export function toRevision(label: string | undefined): { readonly revision?: number } {
  return label === undefined ? {} : { revision: Number(label) };
}

function toRunning({ startedAt }: NonNullable<V1ContainerState["running"]>): {
  startedAt?: number;
} {
  const time = toTime(startedAt);
  return time === undefined ? {} : { startedAt: time };
}

function lastEnd(container: V1ContainerStatus | undefined): V1ContainerState["terminated"] {
  return container?.lastState?.terminated;
}

/** Reasons of a runtime that could not start the program: a missing command, a bad user. */
const START_ERRORS: ReadonlySet<string> = new Set(["StartError", "ContainerCannotRun"]);

function toEnd(
  terminated: V1ContainerState["terminated"],
  evicted: string | undefined,
): PodEnd | undefined {
  if (!terminated) return undefined;
  const { exitCode, reason = "", message } = terminated;
  const startedAt = toTime(terminated.startedAt);
  const finishedAt = toTime(terminated.finishedAt);
  return {
    exitCode,
    outOfMemory: reason === "OOMKilled",
    ...(evicted === undefined ? {} : { evicted }),
    ...(START_ERRORS.has(reason) ? { startError: message ?? reason } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

/** The API server writes times as texts; a time that never was is the beginning of 1970 or the year 1. */
export function toTime(time: Date | string | null | undefined): number | undefined {
  if (time === undefined || time === null) return undefined;
  const ms = typeof time === "string" ? Date.parse(time) : time.getTime();
  return Number.isNaN(ms) || ms <= 0 ? undefined : ms;
}
