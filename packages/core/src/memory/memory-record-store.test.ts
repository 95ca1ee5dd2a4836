import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { isManagerError } from "../errors/manager-error.ts";
import type { NewJobRecord } from "../record/job-record.ts";
import { planProgramJob } from "../testing/program-job.ts";
import { MemoryRecordStore } from "./memory-record-store.ts";
import { MemoryRecordTable } from "./memory-record-table.ts";

function newRecord(changes: Partial<NewJobRecord> = {}): NewJobRecord {
  const name = changes.name ?? "job";
  const settings = { image: "busybox", missingImage: "missing" };
  const { spec, plan } = planProgramJob({ name, master: { steps: [] } }, settings);
  return {
    namespace: "test",
    name,
    uid: `uid-${name}`,
    createdAt: 1,
    spec,
    hash: "hash",
    plan,
    requestedWorkers: 0,
    units: {},
    secrets: {},
    ...changes,
  };
}

const SUCCEEDED = {
  phase: "succeeded",
  reason: "Succeeded",
  message: "Ended with exit code 0.",
  at: 2,
} as const;

test("a name is claimed once, by whichever store is first", async () => {
  const table = new MemoryRecordTable();
  const [first, second] = [new MemoryRecordStore(table), new MemoryRecordStore(table)];
  const stored = await first.create(newRecord());
  const error = await second.create(newRecord({ uid: "other" })).catch((reason: unknown) => reason);
  expect(isManagerError(error, "STATE_CONFLICT")).toBe(true);
  expect(error).toMatchObject({ details: { record: stored } });
  await second.create(newRecord({ namespace: "other" }));
});

test("a swap succeeds only from the newest version of the same uid", async () => {
  const store = new MemoryRecordStore();
  const first = await store.create(newRecord());
  const second = await store.replace({ ...first, requestedWorkers: 1 });
  expect(second?.requestedWorkers).toBe(1);
  expect(await store.replace({ ...first, requestedWorkers: 2 })).toBeUndefined();
  expect(await store.get("test", "job")).toEqual(second);
  await store.remove(first);
  const later = await store.create(newRecord({ uid: "later" }));
  expect(await store.replace({ ...later, uid: first.uid })).toBeUndefined();
  expect(second && (await store.replace(second))).toBeUndefined();
});

test("a removed record is remembered by its uid", async () => {
  const store = new MemoryRecordStore();
  const record = await store.create(newRecord());
  expect(await store.remove({ ...record, uid: "other" })).toBe(false);
  expect(await store.wasRemoved(record.uid)).toBe(false);
  expect(await store.remove(record)).toBe(true);
  expect(await store.remove(record)).toBe(false);
  expect(await store.wasRemoved(record.uid)).toBe(true);
  expect(await store.get("test", "job")).toBeUndefined();
});

test("active records are those that somebody may have to act for", async () => {
  const store = new MemoryRecordStore();
  const names = async (): Promise<string[]> =>
    (await store.list({ active: true })).map(({ name }) => name);
  const record = await store.create(newRecord());
  expect(await names()).toEqual(["job"]);
  const done = await store.replace({ ...record, outcome: SUCCEEDED });
  expect(await names()).toEqual([]);
  if (done) await store.replace({ ...done, deletionRequestedAt: 3 });
  expect(await names()).toEqual(["job"]);
  const kept = newRecord({ name: "kept", outcome: SUCCEEDED });
  await store.create({ ...kept, plan: { ...kept.plan, keepAfterFinishSeconds: 5 } });
  expect(await names()).toEqual(["job", "kept"]);
});

test("what is stored is a copy", async () => {
  const store = new MemoryRecordStore();
  const units: Record<string, { attempt: number; priorRestarts: number }> = {};
  await store.create(newRecord({ units }));
  units["master"] = { attempt: 0, priorRestarts: 0 };
  expect((await store.get("test", "job"))?.units).toEqual({});
});

test("changes are told to every store, soon and together, until it is closed", async () => {
  const table = new MemoryRecordTable();
  const [first, second] = [new MemoryRecordStore(table), new MemoryRecordStore(table)];
  const [told, closed] = [vi.fn<() => void>(), vi.fn<() => void>()];
  first.onChange(told);
  second.onChange(closed);
  await second.close();
  await first.create(newRecord());
  await first.create(newRecord({ name: "other" }));
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1));
  expect(closed).not.toHaveBeenCalled();
});

test("lists are in the order of time and name, whatever came and went", async () => {
  const record = fc.record({
    name: fc.constantFrom("a", "b", "c", "d", "e", "f"),
    createdAt: fc.integer({ min: 0, max: 3 }),
    remove: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 30 }), async (steps) => {
      const store = new MemoryRecordStore();
      const expected = new Map<string, number>();
      for (const { name, createdAt, remove } of steps) {
        const current = await store.get("test", name);
        if (current && remove) {
          await store.remove(current);
          expected.delete(name);
        } else if (current) {
          await store.replace({ ...current, requestedWorkers: current.requestedWorkers + 1 });
        } else {
          await store.create(newRecord({ name, createdAt }));
          expected.set(name, createdAt);
        }
      }
      const order = [...expected].toSorted(
        ([nameA, a], [nameB, b]) => a - b || (nameA < nameB ? -1 : 1),
      );
      const names = (await store.list()).map(({ name }) => name);
      expect(names).toEqual(order.map(([name]) => name));
    }),
  );
});
