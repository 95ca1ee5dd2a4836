import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slimController, slimPod } from "./fixtures/slim-objects.ts";
import { observe } from "./observe.ts";
import type { SlimController } from "./slim-controller.ts";
import type { SlimPod } from "./slim-pod.ts";

const NOW = 100_000;
const setting = { now: NOW, imageLimitMs: 60_000, refusals: new Map() };

const running = { phase: "Running", running: { startedAt: 50 } };
const end = (exitCode: number) => ({ exitCode, outOfMemory: false, startedAt: 50, finishedAt: 90 });
const failed = { phase: "Failed", end: end(7) };
const finished = { well: false, message: "BackoffLimitExceeded", at: 95 };

function master(controller: Partial<SlimController>, ...pods: readonly Partial<SlimPod>[]) {
  return observe(
    [slimController(controller)],
    pods.map((changes) => slimPod(changes)),
    setting,
  );
}

function engineIds(...pods: readonly Partial<SlimPod>[]): string[] {
  return master({}, ...pods).map(({ engineId }) => engineId);
}

const set = { kind: "StatefulSet", failureLimit: 0 } as const;
const identity = { jobUid: "uid", role: "master", index: 0, attempt: 0 } as const;

describe("observe, of a unit's pod", () => {
  it("has none yet: the controller has accepted it", () => {
    expect(master({})).toEqual([{ ...identity, engineId: "", state: "pending" }]);
  });

  it("tells why the controller makes no pods", () => {
    const refusal = { reason: "QuotaExceeded", message: "exceeded quota" } as const;
    const refusals = new Map([["hello-01234567", refusal]]);
    expect(observe([slimController()], [], { ...setting, refusals })).toMatchObject([
      { state: "pending", waiting: refusal },
    ]);
  });

  it("waits to be started, with its reason", () => {
    const waiting = { reason: "WaitingForResources", message: "No node has room." } as const;
    expect(master({}, { waiting })).toEqual([
      { ...identity, engineId: "hello-01234567-0-abcde", state: "pending", waiting },
    ]);
  });

  it("could not be prepared: waits while it is tried again, with its reason, and has failed to start after that", () => {
    const waiting = { reason: "VolumeUnavailable", message: "It cannot be cloned." } as const;
    const pod = { phase: "Failed", waiting } as const;
    expect(master({}, pod)).toMatchObject([{ state: "pending", waiting }]);
    expect(master({ finished }, pod)).toMatchObject([
      {
        state: "pending",
        error: waiting.message,
        errorReason: "VolumeUnavailable",
        finishedAt: 95,
      },
    ]);
  });

  it("runs, with the failures before it as restarts", () => {
    expect(master({}, { ...running, failures: 2 })).toMatchObject([
      { state: "running", restarts: 2, startedAt: 50 },
    ]);
    expect(master(set, { ...running, restarts: 3 })).toMatchObject([{ restarts: 3 }]);
  });

  it("has ended well, before and after its Job says so", () => {
    const success = { phase: "Succeeded", end: end(0), failures: 1 };
    const ended = {
      state: "exited",
      exitCode: 0,
      gaveUp: true,
      restarts: 1,
      startedAt: 50,
      finishedAt: 90,
    };
    expect(master({}, success)).toMatchObject([ended]);
    expect(master({ completed: "0" }, success)).toMatchObject([ended]);
  });

  it("has ended well although its pod is gone", () => {
    expect(master({ completed: "0", finished: { ...finished, well: true } })).toMatchObject([
      { state: "exited", exitCode: 0, gaveUp: true, finishedAt: 95 },
    ]);
  });

  it("is restarted after a failure, until its Job gives it up", () => {
    expect(master({}, { ...failed, failures: 5 })).toMatchObject([
      { state: "restarting", exitCode: 7, restarts: 5 },
    ]);
    const last = { state: "exited", exitCode: 7, gaveUp: true };
    expect(master({}, { ...failed, failures: 6 })).toMatchObject([{ ...last, restarts: 6 }]);
    expect(master({ failed: "0" }, failed)).toMatchObject([last]);
    expect(master({ finished }, failed)).toMatchObject([last]);
    expect(master({ failureLimit: 0 }, failed)).toMatchObject([{ ...last, restarts: 0 }]);
  });

  it("was given up although its pod is gone", () => {
    const [unit] = master({ failed: "0", finished });
    expect(unit).toEqual({
      ...identity,
      engineId: "",
      state: "exited",
      gaveUp: true,
      finishedAt: 95,
    });
  });

  it("is restarted for ever in a StatefulSet, also after it ended well", () => {
    expect(master(set, { phase: "Running", end: end(0), restarts: 9 })).toMatchObject([
      { state: "restarting", exitCode: 0, restarts: 9 },
    ]);
  });

  it("gets a new pod when it was removed, whatever its program made of it", () => {
    const removed = { ...failed, deleting: true };
    expect(master({}, removed)).toMatchObject([
      { state: "pending", waiting: { reason: "Starting" } },
    ]);
    expect(master({}, { ...removed, end: end(0) })).toMatchObject([{ state: "pending" }]);
    expect(master({}, { ...failed, disrupted: true })).toMatchObject([
      { state: "pending", waiting: { reason: "Evicted" } },
    ]);
    expect(master({ failed: "0" }, removed)).toMatchObject([{ state: "exited", exitCode: 7 }]);
  });

  it("still runs while its pod is being removed", () => {
    expect(master({}, { ...running, deleting: true })).toMatchObject([{ state: "running" }]);
  });

  it("cannot be started", () => {
    const startError = { ...end(128), startError: "no such file" };
    expect(master({}, { phase: "Failed", end: startError })).toMatchObject([
      { state: "pending", error: "no such file", errorReason: "StartFailed", finishedAt: 90 },
    ]);
  });

  it("waits a time for an image, unless it can never be there", () => {
    const waiting = { reason: "ImageNotFound", message: "Image x cannot be pulled." } as const;
    const error = {
      state: "pending",
      error: waiting.message,
      errorReason: "ImageNotFound",
      finishedAt: NOW,
    };
    expect(master({}, { waiting, createdAt: NOW - 60_000 })).toMatchObject([{ waiting }]);
    expect(master({}, { waiting, createdAt: NOW - 60_001 })).toMatchObject([error]);
    expect(master({}, { waiting, createdAt: NOW, hopeless: true })).toMatchObject([error]);
    // It waited for a node before.
    const late = { waiting, createdAt: NOW - 3_600_000 };
    expect(master({}, { ...late, readyToPullAt: NOW - 60_000 })).toMatchObject([{ waiting }]);
    expect(master({}, { ...late, readyToPullAt: NOW - 60_001 })).toMatchObject([error]);
  });
});

function worker(index: number, changes: Partial<SlimPod>): SlimPod {
  return slimPod({ role: "worker", name: `w-${index}`, index, ...changes });
}

describe("observe, of a job", () => {
  it("counts the newest pod: the last failure's, and one that stays", () => {
    const old = { name: "old", ...failed, failures: 0, createdAt: 1 };
    const next = { name: "next", ...running, failures: 1, createdAt: 2 };
    expect(engineIds(old, next)).toEqual(["next"]);
    expect(engineIds(next, old)).toEqual(["next"]);
    expect(engineIds({ ...next, deleting: true }, old)).toEqual(["old"]);
    expect(engineIds({ ...old, createdAt: 3 }, { ...next, failures: 0 })).toEqual(["old"]);
  });

  const workers = slimController({ role: "worker", name: "w", replicas: 2 });
  it("shows pods of scaled-away workers until they have ended", () => {
    const pods = [
      worker(0, running),
      worker(1, running),
      worker(2, { ...running, deleting: true }),
      worker(3, { ...failed, deleting: true }),
      worker(4, { deleting: true }),
      worker(5, {}),
    ];
    expect(observe([workers], pods, setting)).toMatchObject([
      { index: 0, state: "running" },
      { index: 1, state: "running" },
      { index: 2, state: "running" },
      { index: 5, state: "pending" },
    ]);
  });

  it("knows units of a controller that is being deleted by their pods only", () => {
    const controllers = [slimController({ deleting: true })];
    expect(observe(controllers, [], setting)).toEqual([]);
    expect(observe(controllers, [slimPod(running)], setting)).toMatchObject([{ state: "running" }]);
    expect(observe([], [slimPod({})], setting)).toMatchObject([{ state: "pending" }]);
    expect(observe([], [slimPod({ ...failed, failures: 1 })], setting)).toMatchObject([
      { state: "exited", exitCode: 7, gaveUp: true, restarts: 1, finishedAt: 90 },
    ]);
    const [gone] = observe(controllers, [slimPod({ phase: "Failed" })], setting);
    expect(gone).toMatchObject({ state: "exited", gaveUp: true });
    expect(gone).not.toHaveProperty("exitCode");
  });

  it("shows every wanted unit once, the same whatever order pods are listed in", () => {
    const arbitraryPod = fc
      .record({
        index: fc.nat({ max: 4 }),
        deleting: fc.boolean(),
        failures: fc.nat({ max: 3 }),
        createdAt: fc.nat(),
        state: fc.constantFrom<Partial<SlimPod>>(running, failed, {}),
      })
      .map(({ state, index, ...rest }) => worker(index, { ...state, ...rest }));
    const distinct = fc.uniqueArray(arbitraryPod, { selector: ({ createdAt }) => createdAt });
    fc.assert(
      fc.property(distinct, fc.nat({ max: 4 }), (pods, replicas) => {
        const controllers = [{ ...workers, replicas }];
        const look = (of: readonly SlimPod[]) =>
          observe(controllers, of, setting).toSorted((one, other) => one.index - other.index);
        const units = look(pods);
        const indexes = units.map(({ index }) => index);
        expect(new Set(indexes).size).toBe(indexes.length);
        expect(indexes.slice(0, replicas)).toEqual([...Array.from({ length: replicas }).keys()]);
        expect(look(pods.toReversed())).toEqual(units);
      }),
    );
  });
});

describe("observe, of a service's units", () => {
  const controller = slimController({ ...set, role: "worker", replicas: 2, revision: 1 });
  const pod = { role: "worker", ...running } as const;

  it("tells whether they answer and what they are made from, and leaves replacing them to the controller", () => {
    const pods = [
      slimPod({ ...pod, name: "a", index: 0, revision: 0, ready: true }),
      slimPod({ ...pod, name: "b", index: 1, revision: 1, ready: false }),
    ];
    expect(observe([controller], pods, setting)).toMatchObject([
      { index: 0, state: "running", ready: true, revision: 0, controlled: true },
      { index: 1, state: "running", ready: false, revision: 1, controlled: true },
    ]);
    expect(observe([controller], [], setting)).toMatchObject([
      { index: 0, state: "pending", ready: false, revision: 1 },
      { index: 1, state: "pending", ready: false, revision: 1 },
    ]);
  });
});
