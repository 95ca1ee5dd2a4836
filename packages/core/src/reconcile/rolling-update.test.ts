import { describe, expect, it } from "vitest";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import { unitName, type UnitRole } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import { derive } from "../status/derive.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { reconcile } from "./reconcile.ts";

const readiness = { kind: "tcp", port: 80 } as const;
const restart = { policy: "always", maxRestarts: 0 } as const;

function service(role: UnitRole, replicas: number, changes: Partial<JobRecord> = {}): JobRecord {
  const group = sampleGroup(role, replicas, { lifecycle: "service", readiness, restart });
  return sampleRecord(samplePlan("none", [group]), changes);
}

function unit(index: number, changes: Partial<ObservedUnit> = {}): ObservedUnit {
  const { attempt = 0, role = "worker" } = changes;
  return {
    jobUid: "uid",
    role,
    index,
    attempt,
    engineId: `${role}-${index}-${attempt}`,
    state: "running",
    ready: true,
    startedAt: 1,
    ...changes,
  };
}

/** Actions such as `start worker-0 1`, and the record as it should be. */
function step(record: JobRecord, units: readonly ObservedUnit[]) {
  const result = reconcile({ record, units, dependencies: { kind: "ready" }, now: 1000 });
  const actions = result.actions.map((action) => {
    const attempt = action.kind === "start" ? action.attempt : action.observed.attempt;
    return `${action.kind} ${unitName(action.unit)} ${attempt}`;
  });
  return { actions, record: result.record };
}

function status(record: JobRecord, units: readonly ObservedUnit[], now = 1000) {
  const waiting = new Map<string, string>();
  return derive({ record, units, dependencies: { kind: "ready" }, waiting, now });
}

describe("a rolling update", () => {
  const record = service("worker", 2, { revision: 1 });

  it("leaves alone what has the record's spec", () => {
    const units = [unit(0, { revision: 1 }), unit(1, { revision: 1 })];
    expect(step(record, units).actions).toEqual([]);
  });

  it("starts one new unit beside an old one while all are ready", () => {
    const { actions, record: next } = step(record, [unit(0), unit(1)]);
    expect(actions).toEqual(["start worker-1 1"]);
    expect(next.units["worker-1"]).toEqual({ attempt: 1, priorRestarts: 0 });
  });

  it("does nothing while the new one is not ready", () => {
    const { record: next } = step(record, [unit(0), unit(1)]);
    const fresh = unit(1, { attempt: 1, revision: 1, ready: false });
    expect(step(next, [unit(0), unit(1), fresh]).actions).toEqual([]);
  });

  it("removes the old one when the new one is ready, and goes on when it is gone", () => {
    const fresh = unit(1, { attempt: 1, revision: 1 });
    expect(step(record, [unit(0), unit(1), fresh]).actions).toEqual(["remove worker-1 0"]);
    expect(step(record, [unit(0), fresh]).actions).toEqual(["start worker-0 1"]);
  });

  it("waits with a ready unit while another one is not ready", () => {
    const units = [unit(0), unit(1, { revision: 1, ready: false })];
    expect(step(record, units).actions).toEqual([]);
  });

  it("replaces what is not ready at once", () => {
    const units = [unit(0, { ready: false }), unit(1, { ready: false })];
    expect(step(record, units).actions).toEqual(["start worker-0 1", "start worker-1 1"]);
  });

  it("keeps the old one when the new one cannot be started, and does not call it an end", () => {
    const { record: next } = step(record, [unit(0), unit(1)]);
    const failed = unit(1, { attempt: 1, revision: 1, state: "created", error: "no such file" });
    const units = [unit(0), unit(1), failed];
    const { actions, record: after } = step(next, units);
    expect(actions).toEqual([]);
    expect(after.units["worker-1"]?.final).toBeUndefined();
    expect(status(after, units)).toMatchObject({
      phase: "running",
      reason: "UpdateStopped",
      message: "2 of 2 units ready; update 1: 0 of 2 done, stopped at worker-1: no such file.",
    });
  });

  it("stops a unit with an identity before it starts its successor", () => {
    const single = service("master", 1, { revision: 1 });
    const old = unit(0, { role: "master" });
    const { actions, record: next } = step(single, [old]);
    expect(actions).toEqual(["remove master 0"]);
    expect(step(next, [old]).actions).toEqual(["remove master 0"]);
    expect(step(next, []).actions).toEqual(["start master 1"]);
  });

  it("is left to an engine's controller where that does it", () => {
    const units = [unit(0, { controlled: true }), unit(1, { controlled: true })];
    const { actions, record: next } = step(record, units);
    expect(actions).toEqual(["update worker-0 0", "update worker-1 0"]);
    expect(next.units["worker-0"]?.attempt).toBe(0);
  });
});

describe("a service's status", () => {
  it("is starting until enough units are ready", () => {
    const record = service("worker", 2);
    const quiet = [unit(0, { ready: false }), unit(1, { ready: false })];
    expect(status(record, quiet)).toMatchObject({
      phase: "starting",
      reason: "NotReady",
      nworkersRunning: 0,
      message: "0 of 2 units ready; worker-0: It runs and does not answer at port 80 yet.",
    });
    expect(status(record, [unit(0), unit(1, { ready: false })])).toMatchObject({
      phase: "running",
      nworkersRunning: 1,
    });
  });

  it("waits for its minimum of units", () => {
    const record = service("worker", 2);
    const two = { ...record, plan: { ...record.plan, minWorkers: 2 } };
    expect(status(two, [unit(0), unit(1, { ready: false })]).phase).toBe("starting");
    expect(status(two, [unit(0), unit(1)]).phase).toBe("running");
  });

  it("tells that a new unit takes too long to answer", () => {
    const record = service("worker", 1, { revision: 1 });
    const units = [unit(0), unit(0, { attempt: 1, revision: 1, ready: false, startedAt: 1000 })];
    expect(status(record, units, 30_000).reason).toBe("Updating");
    expect(status(record, units, 62_000)).toMatchObject({
      phase: "running",
      reason: "UpdateStopped",
    });
  });

  it("is failed when no unit could ever be started, and only then", () => {
    const record = service("worker", 2);
    const failed = { state: "created", error: "no such file" } as const;
    expect(status(record, [unit(0, failed), unit(1)]).phase).toBe("running");
    expect(status(record, [unit(0, failed), unit(1, failed)])).toMatchObject({
      phase: "failed",
      reason: "StartFailed",
    });
  });
});
