import { describe, expect, it } from "vitest";
import type { JobRecord } from "../record/job-record.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { startNoteDue } from "./start-note.ts";

const NOW = 1_000_000;
const before = sampleRecord(samplePlan("master", [sampleGroup("master", 1)]));
const started = (startedAt: number): JobRecord => ({
  ...before,
  units: { master: { attempt: 0, priorRestarts: 0, startedAt } },
});
const due = (record: JobRecord): number | undefined =>
  startNoteDue(before, { record, actions: [], forget: false }, NOW);

describe("startNoteDue", () => {
  it("lets the note of a start wait for some seconds", () => {
    expect(due(started(NOW - 100))).toBe(NOW + 4900);
    expect(due(started(NOW - 5000))).toBeUndefined();
  });

  it("does not wait for another machine's clock", () => {
    expect(due(started(NOW + 60_000))).toBeUndefined();
  });

  it("stores at once what is more than a start", () => {
    const record = started(NOW);
    const at = NOW;
    const outcome = { phase: "failed", reason: "ExitCode", message: "", at } as const;
    expect(due({ ...record, outcome })).toBeUndefined();
    expect(due({ ...record, requestedWorkers: 7 })).toBeUndefined();
    expect(
      due({ ...before, units: { master: { attempt: 1, priorRestarts: 0, startedAt: NOW } } }),
    ).toBeUndefined();
    const unit = { role: "master", index: 0 } as const;
    const start = { kind: "start", unit, attempt: 0, restartsLeft: 0 } as const;
    expect(startNoteDue(before, { record, actions: [start], forget: false }, NOW)).toBeUndefined();
  });

  it("has nothing to wait for where nothing changed", () => {
    expect(due(before)).toBeUndefined();
  });
});
