import { expect, test } from "vitest";
import { reconcile } from "../reconcile/reconcile.ts";
import type { JobRecord } from "../record/job-record.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { disputable, withoutDisputable } from "./disputable.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import type { Survey } from "./survey.ts";

const NOW = 1_000_000;
const MASTER = { role: "master", index: 0, attempt: 0, engineId: "c" } as const;

function surveyOf(record: JobRecord, units: readonly ObservedUnit[]): Survey {
  return { records: [record], dependencies: [], unitsOf: new Map([[record.uid, units]]) };
}

function judge(record: JobRecord, units: readonly ObservedUnit[]): boolean {
  return disputable([reconcile({ record, units, dependencies: { kind: "ready" }, now: NOW })]);
}

test("a failed start and a missing container are for the actor to judge, an exit code is not", () => {
  const record = sampleRecord(samplePlan("master", [sampleGroup("master", 1)]));
  const { uid: jobUid } = record;
  const started = { ...record, units: { master: { attempt: 0, priorRestarts: 0, startedAt: 1 } } };
  expect(judge(record, [{ jobUid, ...MASTER, state: "created", error: "no network" }])).toBe(true);
  expect(judge(started, [])).toBe(true);
  expect(judge(started, [{ jobUid, ...MASTER, state: "exited", exitCode: 0 }])).toBe(false);
  expect(judge(started, [{ jobUid, ...MASTER, state: "running" }])).toBe(false);
});

test("until it has judged, a failed start is being started and what is missing still runs", () => {
  const record = sampleRecord(samplePlan("master", [sampleGroup("master", 1)]));
  const { uid: jobUid } = record;
  const failed = surveyOf(record, [{ jobUid, ...MASTER, state: "created", error: "no network" }]);
  expect(withoutDisputable(failed).unitsOf.get(jobUid)).toEqual([
    { jobUid, ...MASTER, state: "created" },
  ]);
  const started = { ...record, units: { master: { attempt: 0, priorRestarts: 0, startedAt: 1 } } };
  expect(withoutDisputable(surveyOf(started, [])).unitsOf.get(jobUid)).toMatchObject([
    { role: "master", state: "running", startedAt: 1 },
  ]);
});
