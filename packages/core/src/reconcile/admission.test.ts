import { array, assert, integer, property, record as fields } from "fast-check";
import { describe, expect, it } from "vitest";
import { samplePlan, sampleGroup, sampleRecord } from "../testing/sample-record.ts";
import type { JobRecord } from "../record/job-record.ts";
import { admit, neverFits, unitKey, type Candidate, type Holding } from "./admission.ts";

const MEBIBYTE = 2 ** 20;
const capacity = { cpuMillis: 1000, memoryBytes: 100 * MEBIBYTE, gpus: 0 };

function group(role: "master" | "worker", replicas: number, cpuMillis: number) {
  const sample = sampleGroup(role, replicas);
  return {
    ...sample,
    container: { ...sample.container, resources: { ...sample.container.resources, cpuMillis } },
  };
}

function job(name: string, cpuMillis: number, createdAt: number): JobRecord {
  return sampleRecord(samplePlan("master", [group("master", 1, cpuMillis)]), {
    name,
    uid: name,
    createdAt,
  });
}

const master = (record: JobRecord): Candidate => ({
  record,
  unit: { role: "master", index: 0 },
  attempt: 0,
  restartsLeft: 0,
});
const held = (record: JobRecord): Holding => ({
  record,
  observed: [
    {
      jobUid: record.uid,
      role: "master",
      index: 0,
      attempt: 0,
      engineId: record.uid,
      state: "running",
    },
  ],
  starting: new Set(),
});

describe("admit", () => {
  it("starts what fits, in order of submit, and says what the others wait for", () => {
    const [first, second, third] = [
      job("first", 600, 1),
      job("second", 600, 2),
      job("third", 300, 3),
    ];
    const { admitted, waiting } = admit([third, second, first].map(master), [], capacity);
    expect(admitted.map((each) => each.record.name)).toEqual(["first", "third"]);
    expect(waiting.get("second/master")).toBe(
      "Waits for 0.6 CPU, 1 MiB: 0.4 CPU, 99 MiB of 1 CPU, 100 MiB are free.",
    );
  });

  it("counts what running jobs hold", () => {
    const running = job("running", 900, 1);
    expect(admit([master(job("next", 200, 2))], [held(running)], capacity).admitted).toEqual([]);
    expect(admit([master(job("next", 100, 2))], [held(running)], capacity).admitted).toHaveLength(
      1,
    );
  });

  it("counts a unit whose start is under way although its container cannot be seen yet", () => {
    const starting = job("starting", 900, 1);
    const holding: Holding = {
      record: starting,
      observed: [],
      starting: new Set([unitKey("starting", { role: "master", index: 0 })]),
    };
    expect(admit([master(job("next", 200, 2))], [holding], capacity).admitted).toEqual([]);
  });

  it("starts a master only where its minimum of workers fits beside it", () => {
    const plan = {
      ...samplePlan("master", [group("master", 1, 200), group("worker", 4, 300)]),
      minWorkers: 3,
    };
    const parallel = sampleRecord(plan, { name: "parallel", uid: "parallel" });
    expect(admit([master(parallel)], [], capacity).admitted).toEqual([]);
    expect(admit([master(parallel)], [], { ...capacity, cpuMillis: 1100 }).admitted).toHaveLength(
      1,
    );
  });

  it("lets masters go before the workers that only make a running job faster", () => {
    const parallel = sampleRecord(
      samplePlan("master", [group("master", 1, 100), group("worker", 9, 100)]),
      { name: "parallel", uid: "p" },
    );
    const workers = Array.from({ length: 9 }, (_, index) => ({
      ...master(parallel),
      unit: { role: "worker" as const, index },
    }));
    const { admitted } = admit(
      [...workers, master(job("late", 100, 99))],
      [held(parallel)],
      capacity,
    );
    expect(admitted[0]?.record.name).toBe("late");
    expect(admitted).toHaveLength(9);
  });

  it("never gives more than there is", () => {
    const jobs = array(
      fields({ cpuMillis: integer({ min: 1, max: 1200 }), createdAt: integer({ min: 0, max: 9 }) }),
      { maxLength: 20 },
    );
    assert(
      property(jobs, (wanted) => {
        const records = wanted.map(({ cpuMillis, createdAt }, index) =>
          job(`job-${index}`, cpuMillis, createdAt),
        );
        const { admitted, waiting } = admit(records.map(master), [], capacity);
        const used = admitted.reduce(
          (sum, each) => sum + (each.record.plan.groups[0]?.container.resources.cpuMillis ?? 0),
          0,
        );
        expect(used).toBeLessThanOrEqual(capacity.cpuMillis);
        expect(admitted.length + waiting.size).toBe(records.length);
      }),
    );
  });
});

describe("neverFits", () => {
  it("compares each unit with the largest node and the minimum with the cluster", () => {
    const groups = [group("master", 1, 500), group("worker", 5, 400)];
    expect(neverFits(groups, 0, capacity, capacity)).toBeUndefined();
    expect(neverFits(groups, 2, capacity, capacity)).toContain(
      "master with 2 workers needs 1.3 CPU",
    );
    expect(neverFits([group("worker", 1, 1001)], 0, capacity, capacity)).toContain(
      "A worker needs 1.001 CPU",
    );
  });
});
