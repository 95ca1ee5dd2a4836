import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import type { ClusterBackend } from "../backend/cluster-backend.ts";
import { ManagerError } from "../errors/manager-error.ts";
import { memoryParts } from "../memory/memory-backend.ts";
import { MemoryEngine } from "../memory/memory-engine.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import type { JobRecord } from "../record/job-record.ts";
import { isFinal } from "../status/job-status.ts";
import { planProgramJob, type ProgramJob } from "../testing/program-job.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import { UnitBackend } from "./unit-backend.ts";
import type { UnitStart } from "./unit-engine.ts";

/** Counts how often it is asked, and cannot clean up after one job. */
class FaultyEngine extends MemoryEngine {
  looks = 0;
  dirtyJob: string | undefined;
  failedCleanups = 0;

  override async observe(
    detailed: (unit: ObservedUnit) => boolean,
    signal?: AbortSignal,
  ): Promise<ObservedUnit[]> {
    this.looks++;
    return super.observe(detailed, signal);
  }

  override async cleanup(record: JobRecord, signal?: AbortSignal): Promise<void> {
    if (record.name !== this.dirtyJob) return super.cleanup(record, signal);
    this.failedCleanups++;
    throw new ManagerError("INTERNAL", "It is in use.");
  }
}

/** Answers with what was so when it was asked, when every start that was under way then has ended. */
class StaleLooks extends MemoryEngine {
  starts = 0;
  readonly #containers: MemoryWorld;
  #starting: Promise<void> = Promise.resolve();

  constructor(world: MemoryWorld) {
    super(world);
    this.#containers = world;
  }

  override async start(request: UnitStart): Promise<undefined> {
    this.starts++;
    const container = this.#containers.create(request);
    this.#starting = sleep(20).then(() => container.start());
    await this.#starting;
  }

  override async observe(detailed: (unit: ObservedUnit) => boolean): Promise<ObservedUnit[]> {
    const units = await super.observe(detailed);
    await this.#starting;
    // The actor hears first that its start has ended.
    await sleep(5);
    return units;
  }
}

const backends: ClusterBackend[] = [];

afterEach(async () => Promise.all(backends.splice(0).map(async (backend) => backend.close())));

function open(): { backend: ClusterBackend; engine: FaultyEngine } {
  const world = new MemoryWorld();
  const engine = new FaultyEngine(world);
  const backend = new UnitBackend({ ...memoryParts(world), engine, namespace: "default" });
  backends.push(backend);
  return { backend, engine };
}

async function submit(backend: ClusterBackend, job: ProgramJob): Promise<void> {
  const settings = { image: "sample", missingImage: "missing" };
  const { spec, plan } = planProgramJob(job, settings);
  await backend.submit(spec, plan);
}

async function untilFinal(backend: ClusterBackend, name: string): Promise<void> {
  await expect.poll(async () => isFinal((await backend.inspect(name)).status)).toBe(true);
}

it.each<{ what: string; job: ProgramJob }>([
  { what: "succeeded", job: { name: "job", master: { steps: [] } } },
  {
    what: "could not be started",
    job: { name: "job", master: { steps: [], missingCommand: true } },
  },
  {
    what: "failed after restarts",
    job: { name: "job", workers: { steps: [{ do: "exit", code: 1 }], maxRestarts: 1, count: 2 } },
  },
])("asks the engine no more when a job $what", async ({ job }) => {
  const { backend, engine } = open();
  await submit(backend, job);
  await untilFinal(backend, "job");
  await sleep(50);
  engine.looks = 0;
  await sleep(100);
  expect(engine.looks).toBe(0);
});

it("goes on with other jobs when it cannot clean up after one", { timeout: 5000 }, async () => {
  const { backend, engine } = open();
  engine.dirtyJob = "dirty";
  await submit(backend, { name: "dirty", master: { steps: [] } });
  await untilFinal(backend, "dirty");
  const deletion = backend.delete("dirty");
  await expect.poll(() => engine.failedCleanups).toBeGreaterThan(0);
  await submit(backend, { name: "other", master: { steps: [] } });
  await untilFinal(backend, "other");
  engine.dirtyJob = undefined;
  expect(await deletion).toBe(true);
});

it("does not start a unit again because of an old look at it", async () => {
  const world = new MemoryWorld();
  const engine = new StaleLooks(world);
  const backend = new UnitBackend({ ...memoryParts(world), engine, namespace: "default" });
  backends.push(backend);
  await submit(backend, { name: "job", master: { steps: [], missingCommand: true } });
  await untilFinal(backend, "job");
  await sleep(100);
  expect(engine.starts).toBe(1);
});

it("closes although something changes all the time", { timeout: 5000 }, async () => {
  const world = new MemoryWorld({ backoffMs: 0 });
  const backend = new UnitBackend({ ...memoryParts(world), namespace: "default" });
  const master = { steps: [{ do: "untilStopped" }] } as const;
  const workers = { steps: [], restart: "always", count: 5 } as const;
  await submit(backend, { name: "job", master, workers });
  await expect.poll(() => world.containers().filter(({ starts }) => starts > 3).length).toBe(5);
  await backend.close();
  world.end();
});
