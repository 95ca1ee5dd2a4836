import type {
  V1ContainerState,
  V1ContainerStatus,
  V1Pod,
  V1PodCondition,
} from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { asServed, type Served } from "./fixtures/as-served.ts";
import { LABEL } from "./manifests/labels.ts";
import { toSlimPod, toTime, type SlimPod } from "./slim-pod.ts";

const CREATED = "2026-01-02T03:04:05Z";
const STARTED = "2026-01-02T03:04:07Z";
const ENDED = "2026-01-02T03:05:00Z";

const metadata: Served<V1Pod>["metadata"] = {
  name: "hello-01234567-w-3-abcde",
  labels: {
    [LABEL.job]: "hello",
    [LABEL.uid]: "uid",
    [LABEL.role]: "worker",
    "batch.kubernetes.io/job-completion-index": "3",
  },
  annotations: {
    "batch.kubernetes.io/job-completion-index": "3",
    "batch.kubernetes.io/job-index-failure-count": "2",
  },
  creationTimestamp: CREATED,
};

function slim(changes: Served<V1Pod>): SlimPod {
  const pod = toSlimPod(asServed<V1Pod>({ metadata, ...changes }));
  if (!pod) throw new Error("no unit of a job");
  return pod;
}

/** A pod whose container is in that state. */
function inState(
  state: Served<V1ContainerState>,
  more: Served<V1ContainerStatus> = {},
  phase = "Running",
): SlimPod {
  const container = { name: "unit", image: "i", imageID: "", restartCount: 0, ready: false };
  const sidecar = { ...container, name: "injected", state: { running: { startedAt: CREATED } } };
  const containerStatuses = [sidecar, { ...container, state, ...more }];
  return slim({ status: { phase, containerStatuses } });
}

function at(type: string, status: string, lastTransitionTime: string): Served<V1PodCondition> {
  return { type, status, lastTransitionTime };
}

function ready(...conditions: Served<V1PodCondition>[]): number | undefined {
  return slim({ status: { phase: "Pending", conditions } }).readyToPullAt;
}

describe("toSlimPod", () => {
  it("knows since when images can be pulled", () => {
    expect(ready()).toBeUndefined();
    expect(ready(at("PodScheduled", "False", CREATED))).toBeUndefined();
    const scheduled = at("PodScheduled", "True", STARTED);
    expect(ready(scheduled, at("Initialized", "False", ENDED))).toBe(Date.parse(STARTED));
    expect(ready(scheduled, at("Initialized", "True", ENDED))).toBe(Date.parse(ENDED));
  });

  it("knows a Job's pod by its index, and how often that has failed", () => {
    expect(inState({ running: { startedAt: STARTED } })).toEqual({
      name: "hello-01234567-w-3-abcde",
      jobUid: "uid",
      role: "worker",
      index: 3,
      phase: "Running",
      deleting: false,
      disrupted: false,
      createdAt: Date.parse(CREATED),
      failures: 2,
      restarts: 0,
      running: { startedAt: Date.parse(STARTED) },
    });
  });

  it("knows a StatefulSet's pod by its label", () => {
    const labels = { ...metadata?.labels, "apps.kubernetes.io/pod-index": "4" };
    const pod = slim({ metadata: { ...metadata, labels, annotations: {} } });
    expect(pod).toMatchObject({ index: 4, failures: 0 });
  });

  it("takes no other pod for a unit's", () => {
    const others = [
      { ...metadata, labels: {} },
      { ...metadata, labels: { ...metadata?.labels, [LABEL.role]: "gateway" } },
      { ...metadata, name: undefined },
    ];
    for (const other of others)
      expect(toSlimPod(asServed<V1Pod>({ metadata: other }))).toBeUndefined();
  });

  it("says why a pod does not run that is not on a node yet", () => {
    const message = "0/1 nodes are available: 1 Insufficient memory.";
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message },
    ];
    const pod = slim({ status: { phase: "Pending", conditions } });
    expect(pod.waiting).toEqual({
      reason: "WaitingForResources",
      message: `No node has room: ${message}`,
    });
    expect(slim({}).waiting?.reason).toBe("Starting");
    expect(slim({}).phase).toBe("Pending");
  });

  it("knows an image that will never be there", () => {
    const waiting = { reason: "InvalidImageName", message: "invalid reference format" };
    expect(inState({ waiting }, {}, "Pending")).toMatchObject({
      hopeless: true,
      waiting: { reason: "ImageNotFound" },
    });
  });

  it.each([
    ["Completed", 0, false],
    ["Error", 7, false],
    ["OOMKilled", 137, true],
  ])("keeps how the container ended: %s", (reason, exitCode, outOfMemory) => {
    const terminated = { exitCode, reason, startedAt: STARTED, finishedAt: ENDED };
    const pod = inState({ terminated }, {}, exitCode === 0 ? "Succeeded" : "Failed");
    expect(pod.end).toEqual({
      exitCode,
      outOfMemory,
      startedAt: Date.parse(STARTED),
      finishedAt: Date.parse(ENDED),
    });
    expect(pod).not.toHaveProperty("waiting");
  });

  it("tells a program that could not be started from one that ended", () => {
    const terminated = {
      exitCode: 128,
      reason: "StartError",
      message: 'exec: "nothing": executable file not found in $PATH',
      startedAt: "1970-01-01T00:00:00Z",
      finishedAt: ENDED,
    };
    expect(inState({ terminated }, {}, "Failed").end).toEqual({
      exitCode: 128,
      outOfMemory: false,
      startError: terminated.message,
      finishedAt: Date.parse(ENDED),
    });
  });

  it("keeps the last end while the container waits to be started again, and not when it runs", () => {
    const terminated = { exitCode: 5, reason: "Error", startedAt: STARTED, finishedAt: ENDED };
    const more = { restartCount: 3, lastState: { terminated } };
    const waiting = { reason: "CrashLoopBackOff", message: "back-off 40s restarting" };
    expect(inState({ waiting }, more)).toMatchObject({ restarts: 3, end: { exitCode: 5 } });
    const running = inState({ running: { startedAt: ENDED } }, more);
    expect(running).toMatchObject({ restarts: 3, running: { startedAt: Date.parse(ENDED) } });
    expect(running).not.toHaveProperty("end");
  });

  it("sees that it is being removed, and by whom", () => {
    expect(slim({ metadata: { ...metadata, deletionTimestamp: ENDED } })).toMatchObject({
      deleting: true,
      disrupted: false,
    });
    const disrupted = (status: string): boolean => {
      const conditions = [{ type: "DisruptionTarget", status, reason: "EvictionByEvictionAPI" }];
      return slim({ status: { phase: "Running", conditions } }).disrupted;
    };
    expect([disrupted("True"), disrupted("False")]).toEqual([true, false]);
  });
});

describe("toTime", () => {
  it.each([
    [CREATED, Date.UTC(2026, 0, 2, 3, 4, 5)],
    [new Date(7), 7],
    ["1970-01-01T00:00:00Z", undefined],
    ["0001-01-01T00:00:00Z", undefined],
    ["soon", undefined],
    [null, undefined],
    [undefined, undefined],
  ])("of %o is %o", (time, expected) => {
    expect(toTime(time)).toBe(expected);
  });
});
