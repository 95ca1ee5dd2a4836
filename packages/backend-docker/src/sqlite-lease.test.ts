import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Child } from "./fixtures/child.ts";
import { SqliteLease } from "./sqlite-lease.ts";

let folder: string;
let file: string;
const leases: SqliteLease[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jrun-lease-"));
  file = join(folder, "leases.sqlite");
});

afterEach(async () => {
  await Promise.all(leases.splice(0).map(async (lease) => lease.close()));
  await rm(folder, { recursive: true, force: true });
});

function open(name = "actor", ttlMs?: number): SqliteLease {
  const lease = new SqliteLease({ file, name, ...(ttlMs === undefined ? {} : { ttlMs }) });
  leases.push(lease);
  return lease;
}

async function inOtherProcess(): Promise<Child> {
  const child = new Child(`
    const { SqliteLease } = await import(source("sqlite-lease.ts"));
    const lease = new SqliteLease({ file: ${JSON.stringify(file)}, name: "actor" });
    console.log(await lease.acquire());
    setInterval(() => {}, 1000);`);
  expect(await child.line()).toBe("true");
  return child;
}

describe("SqliteLease", () => {
  it("has one holder at a time", async () => {
    const [a, b] = [open(), open()];
    expect(await a.acquire()).toBe(true);
    expect(await a.acquire()).toBe(true);
    expect(await b.acquire()).toBe(false);
    expect([a.held(), b.held()]).toEqual([true, false]);
    expect([await a.takenByOther(), await b.takenByOther()]).toEqual([false, true]);
    await a.release();
    await a.release();
    expect(a.held()).toBe(false);
    expect(await b.acquire()).toBe(true);
  });

  it("is one of several, by name", async () => {
    expect(await open("actor").acquire()).toBe(true);
    expect(await open("agent").acquire()).toBe(true);
  });

  it("is kept by a holder that goes on, and lost by one that cannot", async () => {
    const [a, b] = [open("actor", 300), open("actor", 300)];
    expect(await a.acquire()).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(a.held()).toBe(true);
    expect(await b.acquire()).toBe(false);
    // As if its process had been stopped for a while.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    expect(a.held()).toBe(false);
    expect(await b.acquire()).toBe(true);
    expect(await a.acquire()).toBe(false);
  });

  it("passes at once from a killed process, and tells who waits", async () => {
    const child = await inOtherProcess();
    const lease = open();
    expect(await lease.acquire()).toBe(false);
    expect(await lease.takenByOther()).toBe(true);
    const free = new Promise<void>((resolve) => {
      const unsubscribe = lease.onFree(() => {
        unsubscribe();
        resolve();
      });
    });
    await child.kill("SIGKILL");
    const before = performance.now();
    await free;
    expect(performance.now() - before).toBeLessThan(2000);
    expect(await lease.takenByOther()).toBe(false);
    expect(await lease.acquire()).toBe(true);
  });

  it("is lost with its file", async () => {
    const [a, b] = [open(), open()];
    expect(await a.acquire()).toBe(true);
    await rm(folder, { recursive: true });
    expect(a.held()).toBe(false);
    expect(await b.acquire()).toBe(true);
    expect(await a.acquire()).toBe(false);
  });
});
