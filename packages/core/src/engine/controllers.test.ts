import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManagerError } from "../errors/manager-error.ts";
import { MemoryLease, MemoryLeaseTable } from "../memory/memory-lease.ts";
import { MemoryLogger } from "../memory/memory-logger.ts";
import { MemoryRecordStore } from "../memory/memory-record-store.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import type { JobRecord } from "../record/job-record.ts";
import { ControllerEngine } from "../testing/controller-engine.ts";
import { planProgramJob, type ProgramJob } from "../testing/program-job.ts";
import { UnitBackend } from "./unit-backend.ts";

let now: number;
let engine: ControllerEngine;
let store: MemoryRecordStore;
let lease: MemoryLease;
let leases: MemoryLeaseTable;
let backend: UnitBackend;

beforeEach(() => {
  now = 1000;
  engine = new ControllerEngine();
  store = new MemoryRecordStore();
  leases = new MemoryLeaseTable();
  lease = new MemoryLease(leases);
  const logger = new MemoryLogger(new MemoryWorld(), store);
  const namespace = "default";
  backend = new UnitBackend({ engine, store, lease, logger, namespace, now: () => now });
});

afterEach(async () => backend.close());

const master = { steps: [{ do: "untilStopped" }] } as const;
const workers = { ...master, count: 2 };

async function submit(job: Omit<ProgramJob, "name">, name = "job"): Promise<JobRecord> {
  const settings = { image: "sample", missingImage: "missing" };
  const { spec, plan } = planProgramJob({ ...job, name }, settings);
  await backend.submit(spec, plan);
  return recordOf(name);
}

async function recordOf(name: string): Promise<JobRecord> {
  const record = await store.get("default", name);
  if (!record) throw new Error(`There is no record ${name}.`);
  return record;
}

/** Waits until the actor has looked at what was just said, and then is silent: nothing makes it look again. */
async function settled(): Promise<void> {
  let looks: number;
  do {
    looks = engine.looks;
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  } while (engine.looks !== looks);
}

const phase = async (name = "job"): Promise<string> => (await backend.inspect(name)).status.phase;

describe("submit to an engine with controllers", () => {
  it("applies the job at once, also while somebody else acts", async () => {
    await new MemoryLease(leases).acquire();
    const record = await submit({ master });
    expect(engine.applied).toEqual(["job: start master"]);
    expect(engine.unitsOf(record)).toHaveLength(1);
    await settled();
    expect(engine.applications).toHaveLength(1);
  });

  it("leaves nothing behind of what is refused for good", async () => {
    engine.refusal = new ManagerError("FORBIDDEN", "Not allowed to create jobs.");
    await expect(submit({ master })).rejects.toMatchObject({ code: "FORBIDDEN" });
    expect(await store.list()).toEqual([]);
    expect(engine.cleanups).toEqual(["job"]);
  });

  it("leaves to the actor what the engine could not be asked", async () => {
    engine.refusal = new ManagerError("BACKEND_UNREACHABLE", "It does not answer.");
    const record = await submit({ master });
    await settled();
    expect(engine.unitsOf(record)).toEqual([]);
    engine.refusal = undefined;
    now += 60_000;
    engine.tell({ type: "connected" });
    await expect.poll(() => engine.unitsOf(record).length).toBe(1);
  });

  it("starts nothing before the jobs that it waits for have succeeded", async () => {
    const first = await submit({ master }, "first");
    await submit({ master, after: ["first"] }, "second");
    await settled();
    expect(engine.applied).toEqual(["first: start master"]);
    engine.change(first, "master", { state: "exited", exitCode: 0, gaveUp: true });
    await expect.poll(() => engine.applied).toContain("second: start master");
  });

  it("refuses what is larger than every node, and nothing where nobody may see nodes", async () => {
    engine.nodeList = [
      { cpuMillis: 1000, memoryBytes: 2 ** 34, gpus: 0 },
      { cpuMillis: 2000, memoryBytes: 2 ** 30, gpus: 0 },
    ];
    const large = { ...master, resources: { cpuMillis: 3000 } };
    await expect(submit({ master: large })).rejects.toMatchObject({ code: "NEVER_FITS" });
    engine.nodeList = [];
    await expect(submit({ master: large })).resolves.toBeDefined();
  });

  it("does not share out the room of an engine that does so itself", async () => {
    engine.nodeList = [{ cpuMillis: 1000, memoryBytes: 2 ** 30, gpus: 0 }];
    const half = { ...workers, resources: { cpuMillis: 800 } };
    const record = await submit({ workers: { ...half, count: 5 } });
    expect(engine.unitsOf(record)).toHaveLength(5);
  });
});

describe("Actor of an engine with controllers", () => {
  it("applies all actions on a job at once, and is silent while nothing changes", async () => {
    const record = await submit({ workers: { ...workers, count: 3 } });
    await settled();
    expect(engine.applied).toEqual(["job: start worker-0, start worker-1, start worker-2"]);
    for (const name of ["worker-0", "worker-1", "worker-2"])
      engine.change(record, name, { state: "running", startedAt: now });
    await settled();
    expect(await phase()).toBe("running");
    expect(engine.applications).toHaveLength(1);
  });

  it("asks for the workers when the master runs", async () => {
    const record = await submit({ master, workers });
    await settled();
    expect(engine.applied).toEqual(["job: start master"]);
    engine.change(record, "master", { state: "running", startedAt: now });
    await settled();
    expect(engine.applied.slice(1)).toEqual(["job: start worker-0, start worker-1"]);
  });

  it("stops the workers once when the master has ended", async () => {
    const record = await submit({ master, workers });
    engine.change(record, "master", { state: "running", startedAt: now });
    await settled();
    engine.change(record, "worker-0", { state: "running", startedAt: now });
    engine.change(record, "worker-1", { state: "running", startedAt: now });
    await settled();
    engine.change(record, "master", { state: "exited", exitCode: 0, gaveUp: true });
    await settled();
    expect(engine.applied.slice(2)).toEqual(["job: stop worker-0, stop worker-1"]);
    expect(await phase()).toBe("succeeded");
  });

  it("makes the controllers follow the number of workers", async () => {
    const record = await submit({ workers });
    await backend.scale("job", 4);
    await expect.poll(() => engine.unitsOf(record).length).toBe(4);
    await backend.scale("job", 1);
    await expect.poll(() => engine.unitsOf(record).length).toBe(1);
    await settled();
    expect(engine.applied.slice(1)).toEqual([
      "job: start worker-2, start worker-3",
      "job: remove worker-1, remove worker-2, remove worker-3",
    ]);
  });

  it("looks again after a change that came while it applied", async () => {
    const record = await submit({ master, workers });
    const applying = Promise.withResolvers<void>();
    engine.gate = applying.promise;
    engine.change(record, "master", { state: "running", startedAt: now });
    await expect.poll(() => engine.applications.length).toBe(2);
    await backend.scale("job", 3);
    await settled();
    expect(engine.applications).toHaveLength(2);
    engine.gate = Promise.resolve();
    applying.resolve();
    await expect.poll(() => engine.applied.at(-1)).toBe("job: start worker-2");
  });

  it("tries again with pauses what the engine could not do", async () => {
    const record = await submit({ workers });
    engine.refusal = new ManagerError("BACKEND_UNREACHABLE", "It does not answer.");
    await backend.scale("job", 3);
    await settled();
    engine.tell({ type: "changed" });
    await settled();
    expect(engine.applications).toHaveLength(2);
    engine.refusal = undefined;
    now += 250;
    engine.tell({ type: "changed" });
    await settled();
    expect(engine.unitsOf(record)).toHaveLength(3);
  });

  it("ends a job that the engine refuses for good", async () => {
    const first = await submit({ master }, "first");
    await submit({ master, after: ["first"] });
    engine.refusal = new ManagerError("FORBIDDEN", "Not allowed to create jobs.");
    engine.change(first, "master", { state: "exited", exitCode: 0, gaveUp: true });
    await expect.poll(() => phase()).toBe("failed");
    expect((await backend.inspect("job")).status.message).toContain("Not allowed to create jobs.");
  });

  it("leaves everything to the holder of the lease", async () => {
    const other = new MemoryLease(leases);
    await other.acquire();
    const record = await submit({ master, workers });
    engine.change(record, "master", { state: "running", startedAt: now });
    await settled();
    expect(engine.applied).toEqual(["job: start master"]);
    await other.release();
    await expect.poll(() => engine.applied.at(-1)).toBe("job: start worker-0, start worker-1");
  });

  it("removes the units of a deleted job, then everything else of it", async () => {
    await submit({ master });
    await backend.delete("job", { force: true });
    expect(engine.applied).toEqual(["job: start master", "job: remove master"]);
    expect(engine.cleanups).toEqual(["job"]);
    expect(await store.list()).toEqual([]);
  });

  it("stops what runs of a job that has ended, whoever brought it back", async () => {
    const record = await submit({ workers });
    for (const name of ["worker-0", "worker-1"])
      engine.change(record, name, { state: "exited", exitCode: 0, gaveUp: true });
    await expect.poll(() => phase()).toBe("succeeded");
    engine.change(record, "worker-1", { state: "running", startedAt: now });
    await expect.poll(() => engine.applied.at(-1)).toBe("job: stop worker-1");
  });
});

describe("an update of a service on an engine with controllers", () => {
  const unit = { state: "running", controlled: true, startedAt: 1 } as const;

  it("is handed to the controller, unit by unit seen to the end, and then left alone", async () => {
    const service = { service: true, workers } as const;
    const record = await submit(service);
    for (const name of ["worker-0", "worker-1"])
      engine.change(record, name, { ...unit, revision: 0 });
    await settled();
    expect(await phase()).toBe("running");
    const settings = { image: "other", missingImage: "missing" };
    const other = { ...workers, env: { VERSION: "2" } };
    const { spec, plan } = planProgramJob({ ...service, workers: other, name: "job" }, settings);
    await backend.update("job", spec, plan);
    await settled();
    expect(engine.applied.at(-1)).toBe("job: update worker-0, update worker-1");
    expect((await backend.inspect("job")).status).toMatchObject({
      revision: 1,
      reason: "Updating",
    });
    engine.change(record, "worker-1", { ...unit, revision: 1 });
    await settled();
    expect(engine.applied.at(-1)).toBe("job: update worker-0");
    engine.change(record, "worker-0", { ...unit, revision: 1 });
    await settled();
    const { length } = engine.applications;
    expect((await backend.inspect("job")).status.reason).toBe("Running");
    await settled();
    expect(engine.applications).toHaveLength(length);
  });
});
