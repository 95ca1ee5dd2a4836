import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { LogPosition, LogStream } from "@juliarun/core";
import { describe, expect, it } from "vitest";
import { placesAfter } from "./log-resume.ts";
import { LABEL } from "./manifests/labels.ts";
import { compareRuns, runsOf, toLogPod, type PodRun } from "./pod-run.ts";

const STARTED = new Date("2026-01-02T03:04:05Z");
const terminated = (id: string) => ({ exitCode: 1, containerID: id, startedAt: STARTED });
const running = { startedAt: STARTED };

function pod(
  status: Partial<V1ContainerStatus>,
  { labels = {}, annotations = {} }: { labels?: object; annotations?: object } = {},
): V1Pod {
  const container = { name: "unit", image: "", imageID: "", ready: true, restartCount: 0 };
  const identity = { [LABEL.job]: "job", [LABEL.uid]: "uid", [LABEL.role]: "worker" };
  return {
    metadata: {
      name: "pod",
      uid: "pod-uid",
      labels: { ...identity, ...labels },
      annotations: { ...annotations },
    },
    status: { containerStatuses: [{ ...container, ...status }] },
  };
}

function runs(of: V1Pod): PodRun[] {
  const slim = toLogPod(of);
  return slim ? runsOf(slim) : [];
}

function briefly(of: V1Pod): string[] {
  return runs(of).map(
    ({ unit, attempt, container, previous }) =>
      `${unit} ${attempt} ${container.id} ${container.running ? "runs" : "ended"}${previous ? " previous" : ""}`,
  );
}

/** A cursor's place in the unit's output. */
function at(attempt: number, timeNs: bigint, stream: LogStream = "stdout"): LogPosition {
  return { jobUid: "uid", unit: "worker-0", attempt, stream, timeNs, ordinal: 0 };
}

function runOfAttempt(restartCount: number): PodRun {
  const [run] = runs(pod({ containerID: "a", restartCount, state: { running } }));
  if (!run) throw new Error("no container");
  return run;
}

describe("runsOf", () => {
  it("takes a Job's index, and its failures as the attempt", () => {
    const annotations = {
      "batch.kubernetes.io/job-completion-index": "3",
      "batch.kubernetes.io/job-index-failure-count": "2",
    };
    expect(briefly(pod({ containerID: "a", state: { running } }, { annotations }))).toEqual([
      "worker-3 2 a runs",
    ]);
  });

  it("takes a StatefulSet pod's index, and restarts as the attempt, with the container before", () => {
    const labels = { "apps.kubernetes.io/pod-index": "1" };
    const status = {
      containerID: "c",
      restartCount: 2,
      state: { running },
      lastState: { terminated: terminated("b") },
    };
    expect(briefly(pod(status, { labels }))).toEqual([
      "worker-1 1 b ended previous",
      "worker-1 2 c runs",
    ]);
  });

  it("knows that the last container is the newest while it waits to be restarted", () => {
    const status = {
      containerID: "c",
      restartCount: 2,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: terminated("c") },
    };
    expect(briefly(pod(status))).toEqual(["worker-0 2 c ended"]);
  });

  it("has nothing of a pod that has not started, or is not a unit's", () => {
    expect(briefly(pod({ state: { waiting: { reason: "ContainerCreating" } } }))).toEqual([]);
    expect(briefly(pod({ state: { terminated: { exitCode: 137 } } }))).toEqual([]);
    expect(toLogPod(pod({}, { labels: { [LABEL.role]: "gateway" } }))).toBeUndefined();
  });

  it("orders units, and containers of a unit by their starts", () => {
    const later = { startedAt: new Date(STARTED.getTime() + 5000) };
    const replaced = runs(pod({ containerID: "new", state: { running: later } }));
    const old = runs(pod({ containerID: "old", restartCount: 4, state: { running } }));
    const master = runs(
      pod({ containerID: "m", state: { running } }, { labels: { [LABEL.role]: "master" } }),
    );
    const sorted = [...replaced, ...old, ...master].toSorted(compareRuns);
    expect(sorted.map(({ container }) => container.id)).toEqual(["m", "old", "new"]);
  });
});

describe("placesAfter", () => {
  it("reads a later attempt whole, and of earlier ones only what is later", () => {
    const positions = [at(1, 50n), at(1, 40n)];
    expect(placesAfter(runOfAttempt(2), positions)).toEqual({});
    expect(placesAfter(runOfAttempt(1), positions).stdout?.timeNs).toBe(50n);
    expect(placesAfter(runOfAttempt(0), positions).stdout?.timeNs).toBe(50n);
  });

  it("goes by time, not by number: a replaced pod counts from 0 again", () => {
    // First the pod with three restarts was read, then the one that replaced it.
    const positions = [at(3, 50n), at(0, 60n)];
    expect(placesAfter(runOfAttempt(0), positions).stdout?.timeNs).toBe(60n);
    expect(placesAfter(runOfAttempt(1), positions)).toEqual({});
  });

  it("keeps streams, units and submits apart", () => {
    const positions = [
      at(0, 50n, "stderr"),
      { ...at(0, 60n), unit: "worker-1" },
      { ...at(0, 70n), jobUid: "other" },
    ];
    expect(placesAfter(runOfAttempt(0), positions)).toEqual({ stderr: positions[0] });
  });
});
