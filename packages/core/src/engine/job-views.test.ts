import { afterEach, expect, it } from "vitest";
import type { JobStatus } from "../status/job-status.ts";
import { ManagerError } from "../errors/manager-error.ts";
import { memoryParts } from "../memory/memory-backend.ts";
import { MemoryLease } from "../memory/memory-lease.ts";
import { MemoryRecordStore } from "../memory/memory-record-store.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import { planProgramJob } from "../testing/program-job.ts";
import { lasts } from "../testing/programs.ts";
import { UnitBackend } from "./unit-backend.ts";

const forbidden = async (): Promise<never> => {
  throw new ManagerError("FORBIDDEN", "Not allowed to write.");
};

class SeenStore extends MemoryRecordStore {
  override replace = forbidden;
}

class NoLease extends MemoryLease {
  override acquire = forbidden;
}

async function phaseOf(backend: UnitBackend): Promise<JobStatus["phase"]> {
  return (await backend.inspect("job")).status.phase;
}

const backends: UnitBackend[] = [];

afterEach(async () => Promise.all(backends.splice(0).map(async (backend) => backend.close())));

it("tells who may only look how a job ended that nobody else has looked at", async () => {
  const world = new MemoryWorld();
  const owner = new UnitBackend({ ...memoryParts(world), namespace: "default" });
  const settings = { image: "sample", missingImage: "missing" };
  const { spec, plan } = planProgramJob({ name: "job", master: lasts(200) }, settings);
  await owner.submit(spec, plan);
  await expect.poll(async () => phaseOf(owner)).toBe("running");
  await owner.close();

  const store = new SeenStore(world.records);
  const parts = { ...memoryParts(world), store, lease: new NoLease() };
  const viewer = new UnitBackend({ ...parts, namespace: "default" });
  backends.push(viewer);
  await expect.poll(async () => phaseOf(viewer), { timeout: 3000 }).toBe("succeeded");
  expect((await viewer.list({})).jobs.map(({ status }) => status.phase)).toEqual(["succeeded"]);
  expect(world.records.get("default", "job")?.outcome).toBeUndefined();
});
