import { afterEach, expect, it } from "vitest";
import { ManagerError } from "../errors/manager-error.ts";
import { memoryParts } from "../memory/memory-backend.ts";
import { MemoryEngine } from "../memory/memory-engine.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import { planProgramJob } from "../testing/program-job.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import { UnitBackend } from "./unit-backend.ts";

/** Is lost right after it has agreed to a job. */
class LostAfterPrepare extends MemoryEngine {
  lost = false;

  override async prepare(): Promise<void> {
    this.lost = true;
  }

  override async observe(detailed: (unit: ObservedUnit) => boolean): Promise<ObservedUnit[]> {
    if (this.lost) throw new ManagerError("BACKEND_UNREACHABLE", "It does not answer.");
    return super.observe(detailed);
  }
}

const backends: UnitBackend[] = [];

afterEach(async () => Promise.all(backends.splice(0).map(async (backend) => backend.close())));

it("does not fail for an engine that is lost when the name is claimed", async () => {
  const world = new MemoryWorld();
  const engine = new LostAfterPrepare(world);
  const backend = new UnitBackend({ ...memoryParts(world), engine, namespace: "default" });
  backends.push(backend);
  const settings = { image: "sample", missingImage: "missing" };
  const { spec, plan } = planProgramJob({ name: "job", master: { steps: [] } }, settings);
  const { job, created } = await backend.submit(spec, plan);
  expect(created).toBe(true);
  expect(job.status).toMatchObject({ phase: "starting", created: false, npending: 1 });
  engine.lost = false;
  await expect
    .poll(async () => (await backend.inspect("job")).status.phase, { timeout: 3000 })
    .toBe("succeeded");
});
