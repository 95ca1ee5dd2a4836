import { describe, expect, it } from "vitest";
import type { JobRecord } from "../record/job-record.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { quotaExcess } from "./quota.ts";

/** A job of a master and that many workers, each of 100m CPU and 1 MiB. */
function job(name: string, workers = 0, changes: Partial<JobRecord> = {}): JobRecord {
  const groups = [sampleGroup("master", 1), sampleGroup("worker", workers)];
  return sampleRecord(samplePlan("master", groups), { name, uid: name, ...changes });
}

const outcome = { phase: "succeeded", reason: "Succeeded", message: "", at: 1 } as const;

describe("quotaExcess", () => {
  it.each([
    [{ jobs: 2 }, undefined],
    [{ jobs: 1 }, "jobs 1; its other jobs have 1, the quota allows 1"],
    [{ jobs: 0 }, "jobs 1; its other jobs have 1, the quota allows 0"],
    [{ cpuMillis: 600 }, undefined],
    [{ cpuMillis: 599 }, "cpu 300m; its other jobs have 300m, the quota allows 599m"],
    [{ memoryBytes: 5 * 2 ** 20 }, "memory 3Mi; its other jobs have 3Mi, the quota allows 5Mi"],
    [{}, undefined],
  ])("holds %j against all units of unfinished jobs", (quota, excess) => {
    const others = [job("a", 2), job("ended", 9, { outcome }), job("far", 9, { namespace: "far" })];
    expect(quotaExcess(quota, job("b", 2), others)).toBe(excess);
  });

  it("counts workers as they are asked for now, and the job itself once", () => {
    const scaled = job("a", 0, { requestedWorkers: 3 });
    const quota = { cpuMillis: 400, jobs: 1 };
    expect(quotaExcess(quota, scaled, [job("a", 9)])).toBeUndefined();
    expect(quotaExcess(quota, { ...scaled, requestedWorkers: 4 }, [])).toContain("cpu 500m");
  });
});
