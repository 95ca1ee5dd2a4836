import { beforeEach, describe, expect, it } from "vitest";
import { MemoryRecordStore } from "../memory/memory-record-store.ts";
import type { JobRecord } from "../record/job-record.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { encodeCursor } from "./cursor.ts";
import type { LogQuery } from "./log-entry.ts";
import { LogScope, type LogContainers } from "./log-scope.ts";

interface Container {
  readonly jobUid: string;
  readonly unit: string;
}

const signal = new AbortController().signal;
const plan = samplePlan("workers", [sampleGroup("worker", 2)]);
const containers: Container[] = [
  { jobUid: "a", unit: "worker-1" },
  { jobUid: "b", unit: "worker-0" },
  { jobUid: "a", unit: "worker-0" },
  { jobUid: "removed", unit: "worker-0" },
];

/** Of the engine, whose containers may be of jobs that nobody knows any more. */
const listing: LogContainers<Container> = {
  list: async (jobUid) => containers.filter((each) => [undefined, each.jobUid].includes(jobUid)),
  unitOf: (container) => container,
  compare: (a, b) => nameOf(a).localeCompare(nameOf(b)),
};

function nameOf({ jobUid, unit }: Container): string {
  return `${jobUid} ${unit}`;
}

let store: MemoryRecordStore;
let job: JobRecord;

beforeEach(async () => {
  store = new MemoryRecordStore();
  job = await store.create(sampleRecord(plan, { name: "one", uid: "a" }));
  await store.create(sampleRecord(plan, { name: "two", uid: "b" }));
});

async function open(query: LogQuery): Promise<LogScope<Container>> {
  return LogScope.open(listing, store, "default", query, signal);
}

async function found(query: LogQuery): Promise<string[]> {
  return (await (await open(query)).containers(signal)).map((each) => nameOf(each));
}

describe("LogScope", () => {
  it("is about a job, a unit, or all jobs that there are, in order", async () => {
    expect(await found({ job: "one" })).toEqual(["a worker-0", "a worker-1"]);
    expect(await found({ job: "one", unit: "worker-1" })).toEqual(["a worker-1"]);
    expect(await found({})).toEqual(["a worker-0", "a worker-1", "b worker-0"]);
    expect(await found({ unit: "worker-0" })).toEqual(["a worker-0", "b worker-0"]);
  });

  it("refuses what does not exist", async () => {
    await expect(open({ job: "three" })).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
    for (const unit of ["master", "worker-2", "nonsense"]) {
      await expect(open({ job: "one", unit })).rejects.toMatchObject({
        code: "SPEC_INVALID",
        message: `Job one has no unit ${unit}.`,
      });
    }
    await expect(open({ unit: "nonsense" })).rejects.toThrow("No unit is called nonsense.");
    await expect(open({ cursors: ["x"] })).rejects.toMatchObject({ code: "SPEC_INVALID" });
  });

  it("knows a worker that was scaled away by its record or its container", async () => {
    const units = { "worker-1": { attempt: 0, priorRestarts: 0 } };
    job = (await store.replace({ ...job, requestedWorkers: 0, units })) ?? job;
    await expect(open({ job: "one", unit: "worker-1" })).resolves.toBeDefined();
    await expect(open({ job: "one", unit: "worker-0" })).resolves.toBeDefined();
    await store.replace({ ...job, requestedWorkers: 1, units: {} });
    await expect(open({ job: "one", unit: "worker-3" })).rejects.toThrow("has no unit");
  });

  it("reads on after cursors, of the streams that are wanted", async () => {
    const place = {
      unit: "worker-0",
      attempt: 0,
      stream: "stderr",
      timeNs: 5n,
      ordinal: 1,
    } as const;
    const position = { jobUid: "a", ...place };
    const scope = await open({ cursors: [encodeCursor(position)], stream: "stderr" });
    expect(scope.positions).toEqual([position]);
    expect(scope.streams).toEqual(["stderr"]);
    expect((await open({})).streams).toEqual(["stdout", "stderr"]);
  });

  it("covers changes of its job, and of all jobs where none is named", async () => {
    const scope = await open({ job: "one" });
    expect([scope.covers("a"), scope.covers("b"), scope.covers(undefined)]).toEqual([
      true,
      false,
      true,
    ]);
    expect((await open({})).covers("b")).toBe(true);
  });

  it("is over when the job has ended or is gone; a namespace never is", async () => {
    const scope = await open({ job: "one" });
    const all = await open({});
    expect(await scope.isOver()).toBe("no");
    const outcome = { phase: "succeeded", reason: "Succeeded", message: "", at: 5 } as const;
    await store.replace({ ...job, outcome });
    expect(await scope.isOver()).toBe("ended");
    await store.remove(job);
    expect(await scope.isOver()).toBe("gone");
    await store.create(sampleRecord(plan, { name: "one", uid: "c" }));
    expect([await scope.isOver(), await all.isOver()]).toEqual(["gone", "no"]);
  });
});
