import { afterEach, expect, test } from "vitest";
import type { ClusterBackend } from "../backend/cluster-backend.ts";
import { JULIA_PAR_BATCH } from "../job-types/julia-par-batch.ts";
import { makePlan } from "../plan/make-plan.ts";
import { makeSpec } from "../spec/make-spec.ts";
import { createMemoryBackend } from "./memory-backend.ts";
import { MemoryWorld } from "./memory-world.ts";

const open: ClusterBackend[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map(async (backend) => backend.close()));
});

function backendOf(world?: MemoryWorld): ClusterBackend {
  const backend = createMemoryBackend(world ? { world } : {});
  open.push(backend);
  return backend;
}

async function submitParallel(backend: ClusterBackend): Promise<void> {
  const spec = makeSpec(JULIA_PAR_BATCH, {
    name: "pi",
    parameters: {
      startScript: "/mnt/juliarun/pi/master.jl",
      runVolume: "juliarun",
      nworkers: 2,
    },
  });
  const plan = makePlan(JULIA_PAR_BATCH, spec, {
    namespace: "default",
    images: { julia: { image: "julia:1.10", executable: "julia" } },
    volumes: { juliarun: { kind: "scratch", readOnly: false } },
    packages: [],
  });
  await backend.submit(spec, plan);
}

async function readLogs(backend: ClusterBackend): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of backend.logs({ job: "pi", follow: true })) {
    for (const { unit, line } of batch) lines.push(`${unit}: ${Buffer.from(line).toString()}`);
  }
  return lines;
}

test("real job types can be tried out: their commands are only told", async () => {
  const backend = backendOf();
  await submitParallel(backend);
  const [first] = await readLogs(backend);
  expect(first).toMatch(/^master: simulated: \/bin\/sh /);
  const { status } = await backend.inspect("pi");
  expect(status).toMatchObject({ phase: "succeeded", exitCode: 0 });
});

test("a world given outlives its backends, one of its own does not", async () => {
  const world = new MemoryWorld();
  await submitParallel(backendOf(world));
  await open.pop()?.close();
  const { jobs } = await backendOf(world).list();
  expect(jobs.map(({ name }) => name)).toEqual(["pi"]);
  expect((await backendOf().list()).jobs).toEqual([]);
});

test("what a backend may use can be less than the world has", async () => {
  const capacity = { cpuMillis: 50, memoryBytes: 2 ** 30, gpus: 0 };
  const backend = createMemoryBackend({ capacity });
  open.push(backend);
  await expect(submitParallel(backend)).rejects.toMatchObject({ code: "NEVER_FITS" });
});
