import { describe, expect, it } from "vitest";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { samplePlan, sampleGroup, sampleRecord } from "../testing/sample-record.ts";
import type { JobRecord } from "../record/job-record.ts";
import { dependencyState } from "./dependencies.ts";
import { reconcile } from "./reconcile.ts";

const batch = samplePlan("master", [sampleGroup("master", 1)]);
const parallel = samplePlan("master", [sampleGroup("master", 1), sampleGroup("worker", 2)]);
const array = samplePlan("workers", [sampleGroup("worker", 2)]);

function unit(
  name: "master" | number,
  state: ObservedUnit["state"],
  more: Partial<ObservedUnit> = {},
): ObservedUnit {
  const id =
    name === "master"
      ? { role: "master" as const, index: 0 }
      : { role: "worker" as const, index: name };
  return { jobUid: "uid", ...id, attempt: 0, engineId: `${name}`, state, ...more };
}

function look(record: JobRecord, units: readonly ObservedUnit[], now = 1000) {
  return reconcile({ record, units, dependencies: { kind: "ready" }, now });
}

const started = { attempt: 0, priorRestarts: 0, startedAt: 1 };
const inShort = (actions: ReturnType<typeof look>["actions"]) =>
  actions.map(({ kind, unit: { role, index } }) => `${kind} ${role} ${index}`);

function masterEnd(more: Partial<ObservedUnit>, state: ObservedUnit["state"] = "exited") {
  return look(sampleRecord(batch), [unit("master", state, { restarts: 2, ...more })]).record
    .outcome;
}

describe("reconcile", () => {
  it("starts the master first and the workers once it runs", () => {
    expect(inShort(look(sampleRecord(parallel), []).actions)).toEqual(["start master 0"]);
    const { actions, record } = look(sampleRecord(parallel), [
      unit("master", "running", { startedAt: 5 }),
    ]);
    expect(inShort(actions)).toEqual(["start worker 0", "start worker 1"]);
    expect(record.units["master"]?.startedAt).toBe(5);
  });

  it("starts a container that was created by a process that was then killed", () => {
    expect(inShort(look(sampleRecord(batch), [unit("master", "created")]).actions)).toEqual([
      "start master 0",
    ]);
  });

  it("ends the job with its master and stops the workers, which count as succeeded", () => {
    const record = sampleRecord(parallel, { units: { "worker-0": started } });
    const units = [unit("master", "exited", { exitCode: 0, finishedAt: 900 }), unit(0, "running")];
    const after = look(record, units);
    expect(after.record.outcome).toMatchObject({ phase: "succeeded", exitCode: 0, at: 900 });
    expect(after.record.units["worker-0"]?.final?.result).toBe("succeeded");
    expect(inShort(after.actions)).toEqual(["stop worker 0"]);
  });

  it("starts again what the engine gave up before the limit, and counts it once", () => {
    const killed = unit("master", "exited", { exitCode: 137, finishedAt: 900 });
    const first = look(sampleRecord(batch), [killed]);
    expect(inShort(first.actions)).toEqual(["restart master 0"]);
    const again = look(first.record, [killed]);
    expect(inShort(again.actions)).toEqual(["restart master 0"]);
    expect(again.record.units["master"]?.priorRestarts).toBe(1);
  });

  it("says how a program failed for good: exit code, memory, start", () => {
    expect(masterEnd({ exitCode: 7 })).toMatchObject({
      phase: "failed",
      reason: "ExitCode",
      exitCode: 7,
      message: "Ended with exit code 7 after 2 restarts.",
    });
    expect(masterEnd({ exitCode: 137, outOfMemory: true })).toMatchObject({
      reason: "OutOfMemory",
      exitCode: 137,
    });
    expect(masterEnd({ error: "no such device" }, "created")).toMatchObject({
      reason: "StartFailed",
    });
  });

  it("calls a task lost whose container vanished after it ran, and replaces a worker", () => {
    expect(
      look(sampleRecord(batch, { units: { master: started } }), []).record.outcome,
    ).toMatchObject({ phase: "lost", reason: "Vanished" });
    const record = sampleRecord(parallel, {
      units: { master: started, "worker-0": started, "worker-1": started },
    });
    const { actions, record: after } = look(record, [
      unit("master", "running"),
      unit(1, "running"),
    ]);
    expect(actions).toMatchObject([
      { kind: "start", unit: { role: "worker", index: 0 }, attempt: 1 },
    ]);
    expect(after.units["worker-0"]).toEqual({ attempt: 1, priorRestarts: 0 });
  });

  it("keeps the other workers of an array when one fails for good, and fails in the end", () => {
    const units = [
      unit(0, "exited", { exitCode: 1, restarts: 2, finishedAt: 800 }),
      unit(1, "running"),
    ];
    const during = look(sampleRecord(array), units);
    expect(during.record.outcome).toBeUndefined();
    expect(during.actions).toEqual([]);
    const end = look(during.record, [
      units[0] as ObservedUnit,
      unit(1, "exited", { exitCode: 0, finishedAt: 900 }),
    ]);
    expect(end.record.outcome).toMatchObject({ phase: "failed", at: 900 });
    expect(end.record.outcome?.message).toBe(
      "1 of 2 workers failed; worker-0: Ended with exit code 1 after 2 restarts.",
    );
  });

  it("touches only the units that come or go when it is scaled", () => {
    const units = { "worker-0": started, "worker-1": started };
    const running = [unit(0, "running"), unit(1, "running")];
    expect(
      inShort(look(sampleRecord(array, { units, requestedWorkers: 3 }), running).actions),
    ).toEqual(["start worker 2"]);
    expect(
      inShort(look(sampleRecord(array, { units, requestedWorkers: 1 }), running).actions),
    ).toEqual(["remove worker 1"]);
    const zero = look(sampleRecord(array, { units, requestedWorkers: 0 }), running);
    expect(inShort(zero.actions)).toEqual(["remove worker 0", "remove worker 1"]);
    expect(zero.record.outcome).toBeUndefined();
    const back = look({ ...zero.record, requestedWorkers: 2 }, []);
    expect(back.actions).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
  });

  it("limits the run time from the master's start, and the time to start from the submit", () => {
    const timed: JobPlan = { ...batch, maxRuntimeSeconds: 10, startTimeoutSeconds: 5 };
    expect(look(sampleRecord(timed), [], 4999)).toMatchObject({ wakeAt: 5000 });
    expect(look(sampleRecord(timed), [], 5000).record.outcome).toMatchObject({
      phase: "failed",
      reason: "StartTimeout",
    });
    const running = sampleRecord(timed, { units: { master: { ...started, startedAt: 4000 } } });
    expect(look(running, [unit("master", "running")], 13_999)).toMatchObject({ wakeAt: 14_000 });
    const end = look(running, [unit("master", "running")], 14_000);
    expect(end.record.outcome).toMatchObject({ phase: "failed", reason: "DeadlineExceeded" });
    expect(inShort(end.actions)).toEqual(["stop master 0"]);
  });

  it("deletes a finished job when its time has come", () => {
    const outcome = {
      phase: "succeeded" as const,
      reason: "Succeeded" as const,
      message: "",
      at: 1000,
    };
    const record = sampleRecord({ ...batch, keepAfterFinishSeconds: 60 }, { outcome });
    expect(look(record, [], 60_999)).toMatchObject({ wakeAt: 61_000 });
    expect(look(record, [], 61_000).record.deletionRequestedAt).toBe(61_000);
  });
});

describe("dependencyState", () => {
  const record = sampleRecord({ ...batch, after: ["first"] });
  const first = sampleRecord(batch, { name: "first" });
  const outcome = { reason: "Succeeded" as const, message: "", at: 1 };

  it("waits, goes on, or gives up", () => {
    expect(dependencyState(record, () => first)).toEqual({ kind: "waiting", job: "first" });
    expect(
      dependencyState(record, () => ({ ...first, outcome: { ...outcome, phase: "succeeded" } })),
    ).toEqual({ kind: "ready", met: ["first"] });
    expect(
      dependencyState(record, () => ({ ...first, outcome: { ...outcome, phase: "failed" } })),
    ).toMatchObject({ kind: "failed" });
    expect(dependencyState(record, () => undefined)).toMatchObject({
      kind: "failed",
      message: "Job first, which it waits for, is gone.",
    });
  });

  it("remembers what has succeeded, as it may be deleted before the others have", () => {
    const both = sampleRecord({ ...batch, after: ["first", "second"] });
    const second = sampleRecord(batch, { name: "second" });
    const deleted = {
      ...first,
      outcome: { ...outcome, phase: "succeeded" as const },
      deletionRequestedAt: 2,
    };
    const state = dependencyState(both, (name) => (name === "first" ? deleted : second));
    expect(state).toEqual({ kind: "waiting", job: "second", met: ["first"] });
    const { record: noted } = reconcile({ record: both, units: [], dependencies: state, now: 3 });
    expect(noted.metDependencies).toEqual(["first"]);
    expect(dependencyState(noted, (name) => (name === "first" ? undefined : second))).toMatchObject(
      { kind: "waiting", job: "second" },
    );
  });

  it("no longer matters once the job has started", () => {
    expect(dependencyState({ ...record, units: { master: started } }, () => undefined)).toEqual({
      kind: "ready",
    });
  });
});

it("has nothing more to store once it has stored that a unit has ended, while others go on", () => {
  const ran = { attempt: 0, priorRestarts: 0, startedAt: 1 };
  const plan = samplePlan("workers", [sampleGroup("worker", 2)]);
  const record = sampleRecord(plan, { units: { "worker-0": ran, "worker-1": ran } });
  const running = {
    role: "worker",
    index: 1,
    attempt: 0,
    engineId: "c",
    state: "running",
  } as const;
  const units = [{ jobUid: record.uid, ...running }];
  const settle = (each: JobRecord): JobRecord =>
    reconcile({ record: each, units, dependencies: { kind: "ready" }, now: 5 }).record;
  const stored = settle(record);
  expect(stored.units["worker-0"]?.final?.result).toBe("lost");
  expect(settle(stored)).toBe(stored);
});
