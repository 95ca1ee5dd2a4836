import { describe, expect, it } from "vitest";
import { MemoryRecordStore } from "../memory/memory-record-store.ts";
import type { UnitRecord } from "../record/job-record.ts";
import { ControllerEngine } from "../testing/controller-engine.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { takeSurvey } from "./take-survey.ts";

const plan = samplePlan("workers", [sampleGroup("worker", 2)]);
const outcome = { phase: "succeeded", reason: "Succeeded", message: "", at: 5 } as const;

async function survey(units: Record<string, UnitRecord>, ended = false) {
  const store = new MemoryRecordStore();
  const engine = new ControllerEngine();
  const record = await store.create(sampleRecord(plan, { units }));
  const unit = { role: "worker", index: 0 } as const;
  await engine.apply(record, [{ kind: "start", unit, attempt: 0, restartsLeft: 2 }]);
  engine.change(record, "worker-0", { state: "running" });
  engine.change(record, "worker-1", { state: "exited", exitCode: 0 });
  if (ended) await store.replace({ ...record, outcome });
  return takeSurvey(store, engine, () => false);
}

describe("takeSurvey, of an engine with controllers", () => {
  it("takes what is there for the unit's present attempt", async () => {
    const { unitsOf, strays } = await survey({ "worker-1": { attempt: 3, priorRestarts: 1 } });
    expect(unitsOf.get("uid")).toMatchObject([
      { index: 0, attempt: 0, state: "running" },
      { index: 1, attempt: 3, state: "exited" },
    ]);
    expect(strays).toEqual([]);
  });

  it("takes what runs of a job that has ended for a stray", async () => {
    const { records, strays } = await survey({}, true);
    expect(records).toEqual([]);
    expect(strays).toMatchObject([{ index: 0, state: "running" }]);
  });
});
