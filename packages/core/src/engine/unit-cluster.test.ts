import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Capacity } from "../backend/cluster-info.ts";
import { memoryParts } from "../memory/memory-backend.ts";
import { MemoryEngine } from "../memory/memory-engine.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import { ControllerEngine } from "../testing/controller-engine.ts";
import { UnitCluster } from "./unit-cluster.ts";

const small: Capacity = { cpuMillis: 2000, memoryBytes: 4 * 2 ** 30, gpus: 0 };
const withGpu: Capacity = { cpuMillis: 1000, memoryBytes: 8 * 2 ** 30, gpus: 1 };
const unbounded: Capacity = { cpuMillis: Infinity, memoryBytes: Infinity, gpus: Infinity };

/** An engine of single containers whose nodes come and go. */
class GrowingEngine extends MemoryEngine {
  nodeList: readonly Capacity[] = [small];

  async nodes(): Promise<readonly Capacity[]> {
    return this.nodeList;
  }
}

let world: MemoryWorld;
const clusters: UnitCluster[] = [];

beforeEach(() => {
  world = new MemoryWorld();
});

afterEach(async () => {
  for (const cluster of clusters.splice(0)) await cluster.release();
  world.end();
});

function open(engine: GrowingEngine | ControllerEngine, capacity?: Capacity): UnitCluster {
  const parts = { ...memoryParts(world), engine, ...(capacity ? { capacity } : {}) };
  const cluster = new UnitCluster(parts);
  cluster.retain();
  clusters.push(cluster);
  return cluster;
}

describe("UnitCluster", () => {
  it("asks anew for nodes that come and go", async () => {
    const engine = new GrowingEngine(world);
    const cluster = open(engine);
    expect(await cluster.room()).toEqual(small);
    engine.nodeList = [small, withGpu];
    const total = { cpuMillis: 3000, memoryBytes: 12 * 2 ** 30, gpus: 1 };
    expect(await cluster.room()).toEqual(total);
    expect(await cluster.largestNode()).toEqual({
      cpuMillis: 2000,
      memoryBytes: 8 * 2 ** 30,
      gpus: 1,
    });
  });

  it("has no bounds where nobody knows the nodes", async () => {
    const engine = new GrowingEngine(world);
    engine.nodeList = [];
    const cluster = open(engine);
    expect(await cluster.largestNode()).toEqual(unbounded);
    expect(await cluster.total()).toEqual(unbounded);
  });

  it("goes by the configured capacity", async () => {
    const cluster = open(new GrowingEngine(world), withGpu);
    expect([await cluster.room(), await cluster.largestNode()]).toEqual([withGpu, withGpu]);
  });

  it("leaves the room to an engine that shares it out itself", async () => {
    const engine = new ControllerEngine();
    engine.nodeList = [small];
    const cluster = open(engine, withGpu);
    expect(await cluster.room()).toEqual(unbounded);
    expect(await cluster.total()).toEqual(withGpu);
  });
});
