import { describe, expect, it } from "vitest";
import type { JobRecord, UnitRecord } from "../record/job-record.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { startedUnit } from "./started-unit.ts";

const master = { role: "master", index: 0 } as const;
const worker = { role: "worker", index: 1 } as const;
const plan = samplePlan("master", [sampleGroup("master", 1), sampleGroup("worker", 2)]);

function recordWith(unit?: UnitRecord, more: Partial<JobRecord> = {}): JobRecord {
  return sampleRecord(plan, { units: unit ? { master: unit } : {}, ...more });
}

describe("startedUnit", () => {
  it("notes when a unit began to run, and nothing else", () => {
    expect(startedUnit(recordWith(), master, 0, 5)?.units).toEqual({
      master: { attempt: 0, priorRestarts: 0, startedAt: 5 },
    });
    const kept = { attempt: 2, priorRestarts: 3 };
    expect(startedUnit(recordWith(kept), master, 2, 5)?.units["master"]).toEqual({
      ...kept,
      startedAt: 5,
    });
  });

  const final = {
    result: "failed",
    reason: "ExitCode",
    message: "",
    restarts: 0,
    finishedAt: 4,
  } as const;
  const outcome = { phase: "failed", reason: "ExitCode", message: "", at: 4 } as const;

  it.each([
    ["was noted before", recordWith({ attempt: 0, priorRestarts: 0, startedAt: 3 })],
    ["has ended", recordWith({ attempt: 0, priorRestarts: 0, final })],
    ["has been replaced", recordWith({ attempt: 1, priorRestarts: 0 })],
    ["is of a job that has ended", recordWith(undefined, { outcome })],
  ])("leaves the record alone when the unit %s", (_what, record) => {
    expect(startedUnit(record, master, 0, 5)).toBeUndefined();
  });

  it("leaves the record alone when the worker was scaled away", () => {
    expect(startedUnit(recordWith(), worker, 0, 5)?.units["worker-1"]?.startedAt).toBe(5);
    const fewer = recordWith(undefined, { requestedWorkers: 1 });
    expect(startedUnit(fewer, worker, 0, 5)).toBeUndefined();
  });
});
