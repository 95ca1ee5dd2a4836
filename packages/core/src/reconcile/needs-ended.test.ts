import { assert, constantFrom, nat, property, tuple, array, type Arbitrary } from "fast-check";
import { describe, expect, it } from "vitest";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import { unitName } from "../plan/unit-id.ts";
import type { JobRecord, UnitFinal, UnitRecord } from "../record/job-record.ts";
import { derive } from "../status/derive.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { needsEnded } from "./needs-ended.ts";
import { reconcile } from "./reconcile.ts";

const units = constantFrom(
  { role: "master" as const, index: 0 },
  { role: "worker" as const, index: 0 },
  { role: "worker" as const, index: 1 },
);

const container: Arbitrary<ObservedUnit> = tuple(
  units,
  nat(1),
  constantFrom("created", "running", "restarting", "exited", "exited", "exited"),
  nat(1),
).map(([unit, attempt, state, exitCode]) => {
  const engineId = `${unitName(unit)}/${attempt}`;
  const end = state === "exited" ? { exitCode, finishedAt: 5 } : {};
  return Object.assign({ jobUid: "uid", attempt, engineId, state }, unit, end);
});

const final: UnitFinal = {
  result: "succeeded",
  exitCode: 0,
  reason: "Succeeded",
  message: "Ended.",
  restarts: 0,
  finishedAt: 5,
};

const unitRecord: Arbitrary<UnitRecord> = tuple(
  constantFrom(0, 0, 0, 1),
  constantFrom({}, { startedAt: 3 }, { startedAt: 3, final }),
).map(([attempt, known]) => Object.assign({ attempt, priorRestarts: 0 }, known));

const jobs: Arbitrary<JobRecord> = tuple(
  constantFrom("master" as const, "workers" as const),
  nat(2),
  array(tuple(units, unitRecord), { maxLength: 3 }),
  constantFrom("live", "live", "live", "finished", "deleting"),
).map(([completion, workers, records, state]) => {
  const worker = sampleGroup("worker", workers);
  const groups = completion === "master" ? [sampleGroup("master", 1), worker] : [worker];
  return sampleRecord(samplePlan(completion, groups), {
    units: Object.fromEntries(records.map(([unit, known]) => [unitName(unit), known])),
    ...(state === "finished"
      ? { outcome: { phase: "succeeded", reason: "Succeeded", message: "Ended.", at: 5 } }
      : {}),
    ...(state === "deleting" ? { deletionRequestedAt: 6 } : {}),
  });
});

/** A record is stored before a container is made, so it knows of every attempt. */
const worlds = tuple(jobs, array(container, { maxLength: 5 })).map(([record, all]) => {
  const possible = all.filter(
    (each) => each.attempt <= (record.units[unitName(each)]?.attempt ?? 0),
  );
  return { record, all: [...new Map(possible.map((each) => [each.engineId, each])).values()] };
});

describe("needsEnded", () => {
  it("is true whenever an ended container makes a difference", () => {
    let spared = 0;
    assert(
      property(worlds, ({ record, all }) => {
        const living = all.filter((each) => each.state !== "exited");
        if (needsEnded(record, living)) return;
        if (living.length < all.length) spared++;
        const input = { record, dependencies: { kind: "ready" as const }, now: 9 };
        expect(reconcile({ ...input, units: living })).toEqual(reconcile({ ...input, units: all }));
        // A finished job's status comes from its record alone.
        if (record.outcome) return;
        const view = { ...input, waiting: new Map<string, string>() };
        expect(derive({ ...view, units: living })).toEqual(derive({ ...view, units: all }));
      }),
      { numRuns: 3000 },
    );
    expect(spared).toBeGreaterThan(100);
  });

  it("is false for jobs that run and for finished ones", () => {
    const plan = samplePlan("master", [sampleGroup("master", 1)]);
    const running: ObservedUnit = {
      jobUid: "uid",
      role: "master",
      index: 0,
      attempt: 0,
      engineId: "a",
      state: "running",
    };
    expect(needsEnded(sampleRecord(plan), [running])).toBe(false);
    const outcome = { phase: "failed", reason: "ExitCode", message: "Ended.", at: 1 } as const;
    expect(needsEnded(sampleRecord(plan, { outcome }), [])).toBe(false);
    expect(needsEnded(sampleRecord(plan), [])).toBe(true);
  });
});
