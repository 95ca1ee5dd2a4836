import { describe, expect, it } from "vitest";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import { samplePlan, sampleGroup, sampleRecord } from "../testing/sample-record.ts";
import type { JobRecord } from "../record/job-record.ts";
import { derive, type DeriveInput } from "./derive.ts";

const batch = sampleRecord(samplePlan("master", [sampleGroup("master", 1)]));
const parallel = sampleRecord(
  samplePlan("master", [sampleGroup("master", 1), sampleGroup("worker", 2)]),
);

function unit(
  role: "master" | "worker",
  index: number,
  state: ObservedUnit["state"],
  more: Partial<ObservedUnit> = {},
): ObservedUnit {
  return { jobUid: "uid", role, index, attempt: 0, engineId: `${role}-${index}`, state, ...more };
}

const status = (
  record: JobRecord,
  units: readonly ObservedUnit[],
  more: Partial<DeriveInput> = {},
) =>
  derive({
    record,
    units,
    dependencies: { kind: "ready" },
    waiting: new Map(),
    now: 1000,
    ...more,
  });

describe("derive", () => {
  it("gives the manual's five fields", () => {
    expect(status(parallel, [])).toMatchObject({
      created: false,
      succeeded: false,
      nworkersSucceeded: 0,
      parallelism: 2,
      npending: 3,
    });
    const running = [unit("master", 0, "running"), unit("worker", 0, "running")];
    expect(status(parallel, running)).toMatchObject({
      created: true,
      parallelism: 2,
      npending: 1,
      nworkersRunning: 1,
    });
    const ended = [
      unit("master", 0, "exited", { exitCode: 0 }),
      unit("worker", 0, "running"),
      unit("worker", 1, "running"),
    ];
    expect(status(parallel, ended)).toMatchObject({
      created: true,
      succeeded: true,
      nworkersSucceeded: 2,
      npending: 0,
    });
  });

  it("counts workers as running until they have ended, also those that were scaled away", () => {
    const record = { ...parallel, requestedWorkers: 1 };
    const units = [unit("master", 0, "running"), unit("worker", 0, "running")];
    const before = status(record, [...units, unit("worker", 1, "running")]);
    expect(before).toMatchObject({ parallelism: 1, nworkersRunning: 2 });
    const after = status(record, [...units, unit("worker", 1, "exited", { exitCode: 143 })]);
    expect(after).toMatchObject({ parallelism: 1, nworkersRunning: 1 });
  });

  it("says why a job waits", () => {
    const waiting = new Map([
      ["uid/master", "Waits for 4 CPU, 1 GiB: 1 CPU, 1 GiB of 4 CPU, 2 GiB are free."],
    ]);
    expect(status(batch, [], { waiting })).toMatchObject({
      phase: "queued",
      reason: "WaitingForResources",
      message: waiting.get("uid/master"),
    });
    const dependencies = { kind: "waiting" as const, job: "first" };
    expect(status(batch, [], { dependencies })).toMatchObject({
      phase: "queued",
      reason: "WaitingForDependency",
      message: "Waits for job first.",
    });
    expect(status(parallel, []).units[1]).toMatchObject({
      phase: "pending",
      reason: "WaitingForMaster",
    });
  });

  it("shows an end that no actor has recorded yet", () => {
    const ended = unit("master", 0, "exited", { exitCode: 0, finishedAt: 900 });
    expect(status(batch, [ended])).toMatchObject({
      phase: "succeeded",
      exitCode: 0,
      finishedAt: 900,
      units: [{ attempts: 1 }],
    });
  });

  it("counts attempts over restarts by the engine and by us", () => {
    const again = unit("master", 0, "restarting", { restarts: 2, exitCode: 3 });
    expect(status(batch, [again])).toMatchObject({
      phase: "running",
      reason: "Restarting",
      units: [{ attempts: 3, phase: "restarting", exitCode: 3 }],
    });
    const record = { ...batch, units: { master: { attempt: 0, priorRestarts: 1, startedAt: 1 } } };
    expect(status(record, [unit("master", 0, "running", { restarts: 1 })]).units[0]).toMatchObject({
      attempts: 3,
    });
    const killed = unit("master", 0, "exited", { exitCode: 137, finishedAt: 900 });
    expect(status(batch, [killed]).units[0]).toMatchObject({ phase: "restarting", attempts: 2 });
  });

  it("names out of memory and the failed worker", () => {
    const oom = unit("master", 0, "exited", { exitCode: 137, outOfMemory: true, restarts: 2 });
    expect(status(batch, [oom])).toMatchObject({
      phase: "failed",
      reason: "OutOfMemory",
      exitCode: 137,
    });
    const failing = [
      unit("master", 0, "running"),
      unit("worker", 1, "exited", { exitCode: 1, restarts: 2 }),
    ];
    expect(status(parallel, failing).message).toContain(
      "1 failed (worker-1: Ended with exit code 1 after 2 restarts.)",
    );
  });

  it("calls a job without units idle", () => {
    expect(
      status({ ...sampleRecord(samplePlan("workers", [sampleGroup("worker", 0)])) }, []),
    ).toMatchObject({ phase: "idle", created: false });
  });

  it("shows a unit that the engine has accepted as being started", () => {
    expect(status(batch, [unit("master", 0, "pending")])).toMatchObject({
      phase: "starting",
      reason: "Starting",
      created: false,
      npending: 0,
      units: [{ phase: "starting", message: "The engine is starting it.", attempts: 0 }],
    });
  });

  it.each([
    ["WaitingForResources", "pending", "No node has room: 0/1 nodes are available."],
    ["QuotaExceeded", "pending", "exceeded quota: compute"],
    ["Evicted", "starting", "The cluster removed its pod; it gets a new one."],
    ["ImageNotFound", "starting", "Image x cannot be pulled: not found."],
  ] as const)("says why the engine has not started it: %s", (reason, phase, message) => {
    const waiting = { reason, message };
    const { units, npending, created } = status(batch, [unit("master", 0, "pending", { waiting })]);
    expect(created).toBe(phase === "starting");
    expect(units).toMatchObject([{ phase, reason, message }]);
    expect(npending).toBe(phase === "pending" ? 1 : 0);
  });

  it("counts the attempts of a unit that waits for the engine to replace it", () => {
    const master = { attempt: 0, priorRestarts: 1, startedAt: 10 };
    const record = { ...batch, units: { master } };
    const { units } = status(record, [unit("master", 0, "pending", { restarts: 1 })]);
    expect(units).toMatchObject([{ phase: "starting", attempts: 3, startedAt: 10 }]);
  });

  it("has failed when the engine cannot start it", () => {
    const error = {
      error: "no such image",
      errorReason: "ImageNotFound",
      finishedAt: 900,
    } as const;
    expect(status(batch, [unit("master", 0, "pending", error)])).toMatchObject({
      phase: "failed",
      reason: "ImageNotFound",
      finishedAt: 900,
      units: [{ phase: "failed", attempts: 0 }],
    });
  });
});
