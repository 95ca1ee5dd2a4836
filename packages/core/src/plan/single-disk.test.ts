import { describe, expect, it } from "vitest";
import type { JobRecord } from "../record/job-record.ts";
import { planProgramJob } from "../testing/program-job.ts";
import type { JobPlan } from "./job-plan.ts";
import { checkDisksFree, checkDiskUse } from "./single-disk.ts";

const SETTINGS = { image: "sample", missingImage: "missing" };

function planOf(volumeId: string | undefined, after: readonly string[] = []): JobPlan {
  const disk = { kind: "ebs", volumeId: volumeId ?? "", fsType: "ext4", readOnly: true } as const;
  const volumes = volumeId === undefined ? {} : { sampledata: disk };
  return planProgramJob({ name: "job", master: { steps: [] }, volumes, after }, SETTINGS).plan;
}

function recordOf(name: string, plan: JobPlan, changes: Partial<JobRecord> = {}): JobRecord {
  return {
    namespace: "default",
    name,
    uid: name,
    version: "1",
    createdAt: 0,
    spec: { type: "JuliaBatch", name, parameters: {}, files: [] },
    hash: "",
    plan,
    requestedWorkers: 0,
    units: {},
    secrets: {},
    ...changes,
  };
}

describe("checkDiskUse", () => {
  it("lets a JuliaBatch job use an ebs volume, and no other type", () => {
    checkDiskUse("JuliaBatch", "job", planOf("vol-1"));
    checkDiskUse("JuliaParBatch", "job", planOf(undefined));
    expect(() => checkDiskUse("JuliaParBatch", "job", planOf("vol-1"))).toThrow(
      expect.objectContaining({
        code: "SPEC_INVALID",
        message:
          'JuliaParBatch "job" names the volume sampledata of kind ebs, which only a single JuliaBatch job can use.',
      }),
    );
  });
});

function jobOf(name: string, plan: JobPlan): Parameters<typeof checkDisksFree>[0] {
  return { namespace: "default", name, plan };
}

describe("checkDisksFree", () => {
  const holder = recordOf("holder", planOf("vol-1"));

  it("names the unfinished job that has the same disk", () => {
    expect(() => checkDisksFree(jobOf("job", planOf("vol-1")), [holder])).toThrow(
      expect.objectContaining({
        code: "INSUFFICIENT_CAPACITY",
        message: expect.stringContaining(
          "Job holder in namespace default uses the disk vol-1 of volume sampledata",
        ),
      }),
    );
  });

  it("lets others pass", () => {
    const outcome = { phase: "failed", reason: "ExitCode", message: "", at: 1 } as const;
    for (const [name, plan, other] of [
      ["job", planOf("vol-2"), holder],
      ["job", planOf(undefined), holder],
      ["holder", planOf("vol-1"), holder],
      ["job", planOf("vol-1", ["holder"]), holder],
      ["job", planOf("vol-1"), { ...holder, outcome }],
    ] as const)
      expect(() => checkDisksFree(jobOf(name, plan), [other])).not.toThrow();
  });
});
