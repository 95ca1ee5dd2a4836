import { expect, it } from "vitest";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { updatedRecord } from "./update-job.ts";

const plan = samplePlan("none", [sampleGroup("worker", 2, { lifecycle: "service" })]);
const spec = { type: "Sample", name: "sample", parameters: { text: "new" }, files: [] };

it("counts revisions, keeps the scale, and gives what could not start another chance", () => {
  const final = {
    result: "failed",
    reason: "StartFailed",
    message: "no such file",
    restarts: 0,
    finishedAt: 1,
  } as const;
  const record = sampleRecord(plan, {
    requestedWorkers: 5,
    units: {
      "worker-0": { attempt: 1, priorRestarts: 2, startedAt: 1 },
      "worker-1": { attempt: 1, priorRestarts: 0, final },
    },
  });
  const updated = updatedRecord(record, { spec, plan });
  expect(updated).toMatchObject({ revision: 1, requestedWorkers: 5, uid: record.uid, spec });
  expect(updated?.units).toEqual({
    "worker-0": { attempt: 1, priorRestarts: 2, startedAt: 1 },
    "worker-1": { attempt: 2, priorRestarts: 0 },
  });
  expect(updated && updatedRecord(updated, { spec, plan })).toBeUndefined();
});

it("takes another number of units from the spec, which is no new revision", () => {
  const record = sampleRecord(plan);
  const updated = updatedRecord(record, { spec, plan });
  const three = samplePlan("none", [sampleGroup("worker", 3, { lifecycle: "service" })]);
  expect(updated && updatedRecord(updated, { spec, plan: three })).toMatchObject({
    revision: 1,
    requestedWorkers: 3,
  });
});
