import assert from "node:assert/strict";
import type { ClusterBackend } from "../backend/cluster-backend.ts";
import { UnitBackend } from "../engine/unit-backend.ts";
import type { UnitClusterParts } from "../engine/unit-cluster.ts";
import { memoryParts } from "../memory/memory-backend.ts";
import type { MemoryContainer } from "../memory/memory-container.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import { volumeFile } from "../memory/start-program.ts";
import { unitName } from "../plan/unit-id.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import type {
  ConformanceHarness,
  ConformanceWorld,
  WorldControls,
  WorldOptions,
} from "./harness.ts";
import { Life, mortalParts } from "./mortal-parts.ts";
import { planProgramJob } from "./program-job.ts";

const IMAGE = "memory/program";
const MISSING_IMAGE = "memory/missing";
const MISSING_PATH = "/nonexistent/folder";
const SHARED: VolumeSource = { kind: "hostpath", path: "/shared", readOnly: false };
const MIB = 2 ** 20;

/** How to make a memory harness that deviates from the usual one. */
export interface MemoryHarnessOptions {
  /** Changes the parts that an instance is made of. */
  readonly parts?: (parts: UnitClusterParts, world: MemoryWorld) => UnitClusterParts;
  /** Changes an instance. */
  readonly backend?: (backend: ClusterBackend, world: MemoryWorld) => ClusterBackend;
  readonly patienceMs?: number;
}

/** A harness over the memory backend: every world is a simulated cluster of its own. */
export function memoryHarness(options: MemoryHarnessOptions = {}): ConformanceHarness {
  return {
    create: async (worldOptions) => createWorld(worldOptions, options),
    patienceMs: options.patienceMs ?? 5000,
    startMs: 40,
  };
}

async function createWorld(
  { scarce = false, quota }: WorldOptions,
  options: MemoryHarnessOptions,
): Promise<ConformanceWorld> {
  const world = new MemoryWorld({
    capacity: scarce
      ? { cpuMillis: 1000, memoryBytes: 512 * MIB, gpus: 0 }
      : { cpuMillis: 64_000, memoryBytes: 65_536 * MIB, gpus: 0 },
    missingImages: [MISSING_IMAGE],
    missingPaths: [MISSING_PATH],
    backoffMs: 10,
  });
  const partsOf = (): UnitClusterParts => {
    const parts = { ...memoryParts(world), ...(quota ? { quotas: { test: quota } } : {}) };
    return options.parts?.(parts, world) ?? parts;
  };
  const instances: ClusterBackend[] = [];
  const instance = (namespace: string): ClusterBackend => {
    const backend = new UnitBackend({ ...partsOf(), namespace });
    instances.push(backend);
    return options.backend?.(backend, world) ?? backend;
  };
  return {
    backend: instance("test"),
    capacity: world.capacity,
    volumes: {
      present: SHARED,
      missing: { kind: "hostpath", path: MISSING_PATH, readOnly: false },
      unsupported: { kind: "ebs", volumeId: "vol-1", fsType: "ext4", readOnly: false },
    },
    controls: controlsOf(world, partsOf),
    job: (program) => planProgramJob(program, { image: IMAGE, missingImage: MISSING_IMAGE }),
    anotherInstance: async (namespace) => instance(namespace ? `test-${namespace}` : "test"),
    destroy: async () => {
      world.reconnect();
      await Promise.all(instances.map(async (backend) => backend.close()));
      world.end();
    },
  };
}

function controlsOf(world: MemoryWorld, partsOf: () => UnitClusterParts): WorldControls {
  return {
    disconnect: async () => world.disconnect(),
    reconnect: async () => world.reconnect(),
    killUnit: async (namespace, job, unit) => {
      find(world, namespace, job, unit).kill();
      return [137];
    },
    removeUnit: async (namespace, job, unit) => world.remove(find(world, namespace, job, unit)),
    touch: async (name) => void world.files.set(volumeFile(SHARED, name, ""), new Uint8Array()),
    ask: async ({ hosts, ports }, port) => {
      const [job = "", namespace = ""] = hosts[0]?.split(".") ?? [];
      return world.ask(namespace, job, ports[port] ?? 0);
    },
    leftovers: async (namespaces) => [
      ...world
        .containers()
        .filter(({ record }) => namespaces.includes(record.namespace))
        .map(
          ({ record, unit, attempt }) => `container ${record.name} ${unitName(unit)} ${attempt}`,
        ),
      ...world.records
        .list({})
        .filter(({ namespace }) => namespaces.includes(namespace))
        .map(({ name }) => `record ${name}`),
    ],
    mortalInstance: async (calls) => {
      const life = new Life(calls);
      const backend = new UnitBackend({ ...mortalParts(partsOf(), life), namespace: "test" });
      return { backend, died: life.died, kill: async () => life.kill() };
    },
  };
}

/** The unit's newest container. */
function find(world: MemoryWorld, namespace: string, job: string, unit: string): MemoryContainer {
  const container = world
    .containers()
    .findLast(
      (each) =>
        each.record.namespace === namespace &&
        each.record.name === job &&
        unitName(each.unit) === unit,
    );
  assert.ok(container, `no container of ${job} ${unit}`);
  return container;
}
