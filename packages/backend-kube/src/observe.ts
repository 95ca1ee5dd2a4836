import type { ObservedUnit, ReasonCode, UnitId } from "@juliarun/core";
import { indexEnd, type SlimController } from "./slim-controller.ts";
import type { PodEnd, SlimPod } from "./slim-pod.ts";

/** What the cluster says of the units of a job besides its pods and controllers. */
export interface ObserveSetting {
  /** Milliseconds since 1970, by the API server's clock. */
  readonly now: number;
  /** How long an image may fail to be pulled before that is final. */
  readonly imageLimitMs: number;
  /** Why a controller makes no pods, by its name. */
  readonly refusals: ReadonlyMap<string, Waiting>;
}

type Waiting = NonNullable<SlimPod["waiting"]>;
type Fact = Omit<ObservedUnit, "jobUid" | "role" | "index" | "attempt" | "engineId">;

/**
 * Units of one job from its controllers and pods. A unit whose controller is there is there too, also in the moment in which
 * it has no pod; pods that no controller wants are shown until they are gone. Pure.
 */
export function observe(
  controllers: readonly SlimController[],
  pods: readonly SlimPod[],
  setting: ObserveSetting,
): ObservedUnit[] {
  const podsOf = newestPods(pods);
  const units: ObservedUnit[] = [];
  for (const controller of controllers) {
    if (controller.deleting) continue;
    for (let index = 0; index < controller.replicas; index++) {
      const unit: UnitId = { role: controller.role, index };
      const pod = podsOf.get(keyOf(unit));
      podsOf.delete(keyOf(unit));
      const state = stateOf(controller, index, pod, setting);
      units.push({ ...toUnit(controller.jobUid, unit, pod, state), ...toFacts(controller, pod) });
    }
  }
  for (const pod of podsOf.values()) {
    const scaledAway = controllers.some(({ role, deleting }) => role === pod.role && !deleting);
    // How it ended is no end of the unit, which may be wanted again by now.
    if (scaledAway && !pod.running && (pod.end || pod.deleting)) continue;
    units.push({ ...toUnit(pod.jobUid, pod, pod, unwantedState(pod)), ...toFacts(pod, pod) });
  }
  return units;
}

function toUnit(
  jobUid: string,
  { role, index }: UnitId,
  pod: SlimPod | undefined,
  fact: Fact,
): ObservedUnit {
  return { jobUid, role, index, attempt: 0, engineId: pod?.name ?? "", ...fact };
}

/** What is known of a service's units besides. */
function toFacts(
  { revision }: Pick<SlimController | SlimPod, "revision">,
  pod: SlimPod | undefined,
): Pick<ObservedUnit, "ready" | "revision" | "controlled"> {
  if (revision === undefined) return {};
  return {
    ready: pod?.ready ?? false,
    revision: pod?.revision ?? revision,
    controlled: true,
  };
}

/** The pod that counts of each unit: the last one, and one that stays before one that is being removed. */
function newestPods(pods: readonly SlimPod[]): Map<string, SlimPod> {
  const newest = new Map<string, SlimPod>();
  for (const pod of pods) {
    const other = newest.get(keyOf(pod));
    if (!other || comesAfter(pod, other)) newest.set(keyOf(pod), pod);
  }
  return newest;
}

function comesAfter(pod: SlimPod, other: SlimPod): boolean {
  if (pod.deleting !== other.deleting) return other.deleting;
  if (pod.failures !== other.failures) return pod.failures > other.failures;
  return pod.createdAt > other.createdAt;
}

function stateOf(
  controller: SlimController,
  index: number,
  pod: SlimPod | undefined,
  setting: ObserveSetting,
): Fact {
  const end = controller.kind === "Job" ? indexEnd(controller, index) : undefined;
  if (pod?.running && end === undefined) return runningState(pod);
  if (end === "completed" || isSuccess(controller, pod)) return successState(controller, pod);
  const over = end === "failed" || controller.finished !== undefined;
  if (!pod) return over ? gaveUp(controller) : pendingState(setting.refusals.get(controller.name));
  if (pod.disrupted && !over) return pendingState(DISRUPTED);
  // What becomes of it is no end of the unit: its controller makes a new one.
  if (pod.deleting && !over) return pendingState(REMOVED);
  if (pod.end) return endedState(controller, pod, pod.end, over);
  if (pod.phase === "Failed") return neverRanState(controller, pod, over);
  return waitingState(pod, setting);
}

const DISRUPTED: Waiting = {
  reason: "Evicted",
  message:
    "The cluster removed its pod (eviction, a lost node or a more important pod); it gets a new one.",
};

const REMOVED: Waiting = { reason: "Starting", message: "Its pod was removed; it gets a new one." };

function runningState(pod: SlimPod): Fact {
  const startedAt = pod.running?.startedAt;
  return {
    state: "running",
    restarts: pod.failures + pod.restarts,
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}

/** A pod of a Job that ended well counts before the Job's status says so. */
function isSuccess(controller: SlimController, pod: SlimPod | undefined): boolean {
  if (!pod || controller.kind !== "Job") return false;
  return !pod.disrupted && !pod.deleting && pod.end?.exitCode === 0;
}

function successState(controller: SlimController, pod: SlimPod | undefined): Fact {
  return {
    state: "exited",
    exitCode: 0,
    gaveUp: true,
    restarts: pod?.failures ?? 0,
    ...times(pod?.end),
    ...(pod?.end?.finishedAt === undefined && controller.finished
      ? { finishedAt: controller.finished.at }
      : {}),
  };
}

function endedState(controller: SlimController, pod: SlimPod, end: PodEnd, over: boolean): Fact {
  if (end.startError !== undefined)
    return failedStart(end.startError, "StartFailed", end.finishedAt);
  const last = over || (controller.kind === "Job" && pod.failures >= controller.failureLimit);
  return {
    state: last ? "exited" : "restarting",
    exitCode: end.exitCode,
    outOfMemory: end.outOfMemory,
    ...(end.evicted === undefined ? {} : { evicted: end.evicted }),
    ...(last ? { gaveUp: true } : {}),
    restarts: pod.failures + pod.restarts,
    ...times(end),
  };
}

/** A pod that failed before its container ran: a repository could not be cloned, a node ran out of room. */
function neverRanState(controller: SlimController, { waiting }: SlimPod, over: boolean): Fact {
  const prepared = waiting?.reason !== "StartFailed" && waiting?.reason !== "VolumeUnavailable";
  if (prepared) return over ? gaveUp(controller) : { state: "restarting" };
  return over
    ? failedStart(waiting.message, waiting.reason, controller.finished?.at)
    : pendingState(waiting);
}

/** Its Job has given the unit up, and the pod that would say why is gone. */
function gaveUp({ finished }: SlimController): Fact {
  return {
    state: "exited",
    gaveUp: true,
    ...(finished ? { finishedAt: finished.at } : {}),
  };
}

function waitingState(pod: SlimPod, { now, imageLimitMs }: ObserveSetting): Fact {
  const { waiting } = pod;
  if (!waiting) return pendingState(undefined);
  const since = pod.readyToPullAt ?? pod.createdAt;
  const overdue = waiting.reason === "ImageNotFound" && now - since > imageLimitMs;
  return pod.hopeless || overdue
    ? failedStart(waiting.message, waiting.reason, now)
    : pendingState(waiting);
}

function failedStart(error: string, errorReason: ReasonCode, finishedAt: number | undefined): Fact {
  return {
    state: "pending",
    error,
    errorReason,
    ...(finishedAt === undefined ? {} : { finishedAt }),
  };
}

function pendingState(waiting: Waiting | undefined): Fact {
  return { state: "pending", ...(waiting ? { waiting } : {}) };
}

/** A pod that was scaled away or stopped, or whose controller is gone. */
function unwantedState(pod: SlimPod): Fact {
  if (pod.running) return runningState(pod);
  if (!pod.end && pod.phase !== "Failed") return { state: "pending" };
  return {
    state: "exited",
    gaveUp: true,
    restarts: pod.failures + pod.restarts,
    ...(pod.end ? { exitCode: pod.end.exitCode, outOfMemory: pod.end.outOfMemory } : {}),
    ...times(pod.end),
  };
}

function times(end: PodEnd | undefined): Pick<ObservedUnit, "startedAt" | "finishedAt"> {
  return {
    ...(end?.startedAt === undefined ? {} : { startedAt: end.startedAt }),
    ...(end?.finishedAt === undefined ? {} : { finishedAt: end.finishedAt }),
  };
}

function keyOf({ role, index }: UnitId): string {
  return `${role}-${index}`;
}
