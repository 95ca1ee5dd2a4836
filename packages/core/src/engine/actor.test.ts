import { afterEach, expect, it } from "vitest";
import { MemoryEngine } from "../memory/memory-engine.ts";
import { memoryParts } from "../memory/memory-backend.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import { planProgramJob } from "../testing/program-job.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import { UnitBackend } from "./unit-backend.ts";
import type { UnitStart } from "./unit-engine.ts";

/** As the Docker Engine: a look at a container that is being started is answered when it has been started. */
class SlowStarts extends MemoryEngine {
  readonly #containers: MemoryWorld;
  readonly #gates = new Map<string, PromiseWithResolvers<void>>();
  readonly #slowJob: string;

  constructor(world: MemoryWorld, slowJob: string) {
    super(world);
    this.#containers = world;
    this.#slowJob = slowJob;
  }

  override async start(request: UnitStart): Promise<undefined> {
    const container = this.#containers.create(request);
    if (request.record.name === this.#slowJob) {
      const gate = Promise.withResolvers<void>();
      this.#gates.set(request.record.uid, gate);
      await gate.promise;
    }
    container.start();
  }

  override async observe(detailed: (unit: ObservedUnit) => boolean): Promise<ObservedUnit[]> {
    const units = await super.observe(() => false);
    const asked = units.filter((unit) => unit.state === "created" && detailed(unit));
    await Promise.all(asked.map(async ({ jobUid }) => this.#gates.get(jobUid)?.promise));
    return super.observe(detailed);
  }

  letStart(): void {
    for (const gate of this.#gates.values()) gate.resolve();
    this.#gates.clear();
  }
}

const backends: UnitBackend[] = [];

afterEach(async () => Promise.all(backends.splice(0).map(async (backend) => backend.close())));

function job(name: string): ReturnType<typeof planProgramJob> {
  const settings = { image: "sample", missingImage: "missing" };
  return planProgramJob({ name, master: { steps: [{ do: "untilStopped" }] } }, settings);
}

async function untilRunning(backend: UnitBackend, name: string): Promise<void> {
  const ended = new AbortController();
  for await (const event of backend.watch({ name, phases: ["running"] }, ended.signal)) {
    if (event.type === "changed" || (event.type === "snapshot" && event.jobs.length > 0)) {
      ended.abort();
    }
  }
}

it("starts and shows other jobs while one takes long to start", { timeout: 5000 }, async () => {
  const world = new MemoryWorld();
  const engine = new SlowStarts(world, "slow");
  const backend = new UnitBackend({ ...memoryParts(world), engine, namespace: "default" });
  backends.push(backend);
  const slow = job("slow");
  const quick = job("quick");
  await backend.submit(slow.spec, slow.plan);
  await expect.poll(() => world.containers().length).toBe(1);
  await backend.submit(quick.spec, quick.plan);
  await untilRunning(backend, "quick");
  expect((await backend.inspect("slow")).status.phase).toBe("starting");
  engine.letStart();
  await untilRunning(backend, "slow");
});
