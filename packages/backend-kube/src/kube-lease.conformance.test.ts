import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { openTestClient, TestNamespace } from "./fixtures/test-namespace.ts";
import { KubeLease } from "./kube-lease.ts";

const cluster = inject("kubernetes");

describe.skipIf(!cluster.available)("KubeLease", () => {
  let site: TestNamespace;
  const leases: KubeLease[] = [];

  beforeAll(async () => {
    if (cluster.available) site = await TestNamespace.create(cluster.kubeconfig, "lease");
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await Promise.all(leases.splice(0).map(async (lease) => lease.close()));
  });

  afterAll(async () => site?.close());

  function open(name: string, client = site.client): KubeLease {
    const lease = new KubeLease({ client, name });
    leases.push(lease);
    return lease;
  }

  it("is taken by one of eight at once", async () => {
    const all = Array.from({ length: 8 }, () => open("eight"));
    const taken = await Promise.all(all.map(async (lease) => lease.acquire()));
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(all.map((lease) => lease.held())).toEqual(taken);
  });

  it("passes on at once when it is released", async () => {
    const [one, two] = [open("release"), open("release")];
    expect(await one.acquire()).toBe(true);
    expect(await two.acquire()).toBe(false);
    const told = vi.fn<() => void>();
    two.onFree(told);
    await vi.waitFor(async () => expect(await two.acquire()).toBe(false));
    const release = one.release();
    expect(one.held()).toBe(false);
    await release;
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    expect(await two.acquire()).toBe(true);
    expect(await one.acquire()).toBe(false);
    await one.release();
    expect(two.held()).toBe(true);
  });

  it("costs no call while held, or seen to be held by another", async () => {
    const [one, two] = [open("cheap"), open("cheap")];
    await one.acquire();
    const stream = vi.spyOn(site.client, "stream");
    two.onFree(() => undefined);
    await vi.waitFor(async () => {
      expect(stream).toHaveBeenCalled();
      await stream.mock.results[0]?.value;
    });
    const request = vi.spyOn(site.client, "request");
    for (let count = 0; count < 20; count++) {
      expect(await one.acquire()).toBe(true);
      expect(await two.acquire()).toBe(false);
    }
    expect(request).not.toHaveBeenCalled();
  });

  it("is taken again by its holder after release, in whatever order the calls come", async () => {
    const lease = open("again");
    await lease.acquire();
    const release = lease.release();
    expect(await lease.acquire()).toBe(true);
    await release;
    expect(lease.held()).toBe(true);
  });

  it("is renewed while held, and passes on when its holder dies", { timeout: 60_000 }, async () => {
    if (!cluster.available) return;
    const client = await openTestClient(cluster.kubeconfig, site.name);
    const [mortal, waiting] = [open("death", client), open("death")];
    await mortal.acquire();
    // Longer than it is valid without being renewed.
    const renewed = vi.spyOn(client, "replace");
    await vi.waitFor(() => expect(renewed).toHaveBeenCalledTimes(3), 20_000);
    expect(mortal.held()).toBe(true);
    expect(await waiting.acquire()).toBe(false);
    client.close();
    const diedAt = performance.now();
    const heldUntil = vi
      .waitFor(() => expect(mortal.held()).toBe(false), 15_000)
      .then(() => performance.now());
    await free(waiting);
    const freeAfterMs = performance.now() - diedAt;
    expect(await waiting.acquire()).toBe(true);
    expect(freeAfterMs).toBeLessThan(16_000);
    expect(await heldUntil).toBeLessThan(diedAt + freeAfterMs);
  });
});

/** Resolves when it is told that the lease is free, from now on. */
async function free(lease: KubeLease): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = lease.onFree(() => {
      unsubscribe();
      resolve();
    });
  });
}
