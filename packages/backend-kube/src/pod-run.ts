import type { V1ContainerState, V1ContainerStateTerminated, V1Pod } from "@kubernetes/client-node";
import { unitName, type UnitRole } from "@juliarun/core";
import { CONTAINER, LABEL } from "./manifests/labels.ts";

const COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index";
const INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";
const POD_INDEX = "apps.kubernetes.io/pod-index";

/** One container of a pod. */
export interface LogContainer {
  readonly id: string;
  readonly running: boolean;
  /** Milliseconds since 1970, in whole seconds. */
  readonly startedAt: number;
}

/** What reading logs needs of a pod. */
export interface LogPod {
  readonly name: string;
  readonly uid: string;
  readonly job: string;
  readonly jobUid: string;
  readonly role: UnitRole;
  readonly index: number;
  /** Earlier failures of its index; undefined for a pod whose container is restarted instead. */
  readonly failures: number | undefined;
  /** Restarts before {@link LogPod.current}. */
  readonly restarts: number;
  /** Its newest container. Undefined: none has started. */
  readonly current: LogContainer | undefined;
  /** The one before, where its log can still be read. */
  readonly previous: LogContainer | undefined;
}

/** One container of a unit: what has a log. */
export interface PodRun {
  readonly pod: LogPod;
  /** `master` or `worker-<index>`. */
  readonly unit: string;
  /** Number of the unit's container, from 0; a replaced pod of a StatefulSet begins at 0 again. */
  readonly attempt: number;
  readonly container: LogContainer;
  readonly previous: boolean;
}

/** What is needed of a pod; undefined for one that is no unit's. Times may be texts, as the API gives them. Pure. */
export function toLogPod({ metadata, status }: V1Pod): LogPod | undefined {
  const { name, uid, labels = {}, annotations = {} } = metadata ?? {};
  const job = labels[LABEL.job];
  const jobUid = labels[LABEL.uid];
  const role = labels[LABEL.role];
  if (!name || !uid || !job || !jobUid || (role !== "master" && role !== "worker"))
    return undefined;
  const index = annotations[COMPLETION_INDEX] ?? labels[COMPLETION_INDEX] ?? labels[POD_INDEX];
  const failures = annotations[INDEX_FAILURES];
  const container = status?.containerStatuses?.find((other) => other.name === CONTAINER);
  const last = ended(container?.lastState?.terminated);
  const current = toContainer(container?.state, container?.containerID);
  return {
    name,
    uid,
    job,
    jobUid,
    role,
    index: Number(index ?? 0),
    failures: failures === undefined ? undefined : Number(failures),
    restarts: container?.restartCount ?? 0,
    // While it waits to be restarted, the last one is the newest.
    current: current ?? last,
    previous: current && last?.id !== current.id ? last : undefined,
  };
}

/** The containers of a pod whose logs can be read, the older one first. Pure. */
export function runsOf(pod: LogPod): PodRun[] {
  const { current, previous, failures, restarts } = pod;
  const unit = unitName(pod);
  const run = (container: LogContainer, back: 0 | 1): PodRun => {
    const attempt = Math.max(0, (failures ?? restarts) - back);
    return { pod, unit, attempt, container, previous: back === 1 };
  };
  return [...(previous ? [run(previous, 1)] : []), ...(current ? [run(current, 0)] : [])];
}

/** Jobs by name, masters first, then workers in the order of their indexes and starts. Pure. */
export function compareRuns(a: PodRun, b: PodRun): number {
  if (a.pod.job !== b.pod.job) return a.pod.job < b.pod.job ? -1 : 1;
  const byRole = Number(a.pod.role === "worker") - Number(b.pod.role === "worker");
  return (
    byRole ||
    a.pod.index - b.pod.index ||
    a.container.startedAt - b.container.startedAt ||
    a.attempt - b.attempt
  );
}

function toContainer(
  state: V1ContainerState | undefined,
  id: string | undefined,
): LogContainer | undefined {
  if (!state?.running) return ended(state?.terminated);
  if (!id) return undefined;
  return { id, running: true, startedAt: toMs(state.running.startedAt) };
}

/** Undefined also for a container that was never made. */
function ended(terminated: V1ContainerStateTerminated | undefined): LogContainer | undefined {
  const id = terminated?.containerID;
  if (!id) return undefined;
  return { id, running: false, startedAt: toMs(terminated?.startedAt) };
}

function toMs(time: Date | string | undefined): number {
  const ms = new Date(time ?? 0).getTime();
  return Number.isNaN(ms) ? 0 : ms;
}
