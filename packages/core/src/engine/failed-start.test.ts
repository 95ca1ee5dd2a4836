import { expect, it } from "vitest";
import { ManagerError } from "../errors/manager-error.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { failedStart } from "./failed-start.ts";

const record = sampleRecord(samplePlan("workers", [sampleGroup("worker", 1)]));
const unit = { role: "worker", index: 0 } as const;

it.each([
  [new ManagerError("IMAGE_NOT_FOUND", "no image"), "ImageNotFound"],
  [new ManagerError("STATE_CONFLICT", "taken", { details: { reason: "PortTaken" } }), "PortTaken"],
  [new ManagerError("INTERNAL", "odd", { details: { reason: "Odd" } }), "StartFailed"],
])("names the reason of %s", (error, reason) => {
  const final = failedStart(record, unit, 0, error, 5)?.units["worker-0"]?.final;
  expect(final).toMatchObject({ result: "failed", reason, message: error.message, finishedAt: 5 });
});
