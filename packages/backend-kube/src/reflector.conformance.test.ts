import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { KubeClient } from "./client.ts";
import { ApiProxy } from "./fixtures/api-proxy.ts";
import { expiredWatches } from "./fixtures/expired-watches.ts";
import { openTestClient, TestNamespace } from "./fixtures/test-namespace.ts";
import { Reflector, type ReflectorEvent } from "./reflector.ts";

const cluster = inject("kubernetes");

interface Slim {
  readonly name: string;
  readonly value: string | undefined;
}

describe.skipIf(!cluster.available)("Reflector on Kubernetes", () => {
  let site: TestNamespace;
  let direct: KubeClient;
  let proxy: ApiProxy;
  let proxied: KubeClient;
  let folder: string;
  const reflectors: Reflector<V1ConfigMap, Slim>[] = [];

  beforeAll(async () => {
    if (!cluster.available) return;
    site = await TestNamespace.create(cluster.kubeconfig, "reflector");
    direct = site.client;
    folder = await mkdtemp(join(tmpdir(), "jrun-proxy-"));
    const file = join(folder, "kubeconfig");
    proxy = await ApiProxy.open(cluster.kubeconfig, file);
    proxied = await openTestClient(file, site.name);
  });

  afterEach(async () => {
    await Promise.all(reflectors.splice(0).map(async (reflector) => reflector.close()));
    await proxy.reconnect();
  });

  afterAll(async () => {
    proxied?.close();
    await proxy?.close();
    await site?.close();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  function open(client: KubeClient, label: string, watchSeconds?: number) {
    const reflector = new Reflector<V1ConfigMap, Slim>({
      client,
      path: client.path("configmaps"),
      labelSelector: `test=${label}`,
      slim: ({ metadata, data }) => ({ name: metadata?.name ?? "", value: data?.["value"] }),
      ...(watchSeconds === undefined ? {} : { watchSeconds }),
    });
    reflectors.push(reflector);
    const events: ReflectorEvent<Slim>[] = [];
    reflector.onChange((event) => events.push(event));
    return { reflector, kinds: () => events.map(({ type }) => type) };
  }

  async function create(label: string, name: string, value = "1"): Promise<V1ConfigMap> {
    return direct.create<V1ConfigMap>(direct.path("configmaps"), {
      metadata: { name, labels: { test: label } },
      data: { value },
    });
  }

  async function change(name: string, value: string): Promise<V1ConfigMap> {
    return direct.patch<V1ConfigMap>(direct.path("configmaps", name), { data: { value } });
  }

  const valueOf = (reflector: Reflector<V1ConfigMap, Slim>, name: string) =>
    reflector.get(name)?.value;

  it("lists, then follows changes and deletions", async () => {
    await create("follow", "follow-a");
    const { reflector, kinds } = open(direct, "follow");
    await reflector.sync();
    expect(valueOf(reflector, "follow-a")).toBe("1");
    await create("follow", "follow-b");
    await change("follow-a", "2");
    await vi.waitFor(() => expect(valueOf(reflector, "follow-a")).toBe("2"));
    expect(reflector.values()).toHaveLength(2);
    await direct.delete(direct.path("configmaps", "follow-b"));
    await vi.waitFor(() => expect(reflector.get("follow-b")).toBeUndefined());
    expect(kinds()).toEqual(["changed", "connected", "changed", "changed", "deleted"]);
    expect(reflector.stalenessMs()).toBeLessThan(5000);
  });

  it("shows an own write at once", async () => {
    await create("own", "own-a");
    const { reflector } = open(direct, "own");
    await reflector.sync();
    reflector.upsert(await change("own-a", "2"));
    expect(valueOf(reflector, "own-a")).toBe("2");
    const [before, after] = [await change("own-a", "3"), await change("own-a", "4")];
    reflector.upsert(after);
    reflector.upsert(before);
    expect(valueOf(reflector, "own-a")).toBe("4");
    const uid = after.metadata?.uid ?? "";
    await direct.delete(direct.path("configmaps", "own-a"));
    reflector.evict("own-a", uid);
    expect(reflector.get("own-a")).toBeUndefined();
  });

  it("reconnects from where it was when the connection breaks", async () => {
    await create("break", "break-a");
    const { reflector, kinds } = open(proxied, "break");
    await reflector.sync();
    proxy.breakConnections();
    await vi.waitFor(() => expect(kinds()).toContain("disconnected"));
    await change("break-a", "2");
    await vi.waitFor(() => expect(valueOf(reflector, "break-a")).toBe("2"), 5000);
    expect(kinds()).toEqual(["changed", "connected", "disconnected", "connected", "changed"]);
  });

  it("says that the server is away, once, and comes back", async () => {
    await create("away", "away-a");
    await create("away", "away-b");
    const { reflector, kinds } = open(proxied, "away");
    await reflector.sync();
    await proxy.disconnect();
    await vi.waitFor(() => expect(reflector.connected).toBe(false));
    await expect(reflector.sync()).rejects.toMatchObject({ code: "BACKEND_UNREACHABLE" });
    await direct.delete(direct.path("configmaps", "away-a"));
    await proxy.reconnect();
    await vi.waitFor(() => expect(reflector.get("away-a")).toBeUndefined(), 20_000);
    expect(reflector.get("away-b")).toBeDefined();
    expect(kinds().filter((kind) => kind === "disconnected")).toHaveLength(1);
  });

  it("goes on without a gap when the server ends a watch", async () => {
    await create("ends", "ends-a");
    const { reflector, kinds } = open(direct, "ends", 1);
    await reflector.sync();
    for (let value = 2; value < 60; value++) {
      await change("ends-a", String(value));
      await vi.waitFor(() => expect(valueOf(reflector, "ends-a")).toBe(String(value)), {
        timeout: 3000,
        interval: 100,
      });
    }
    expect(kinds()).not.toContain("disconnected");
  });

  it("lists again when its state is too old for the server", async () => {
    await create("gone", "gone-a");
    const asked: unknown[] = [];
    const { reflector, kinds } = open(expiredWatches(direct, asked), "gone");
    await reflector.sync();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    await change("gone-a", "2");
    await vi.waitFor(() => expect(valueOf(reflector, "gone-a")).toBe("2"));
    expect(asked[0]).toBe("1");
    expect(kinds()).not.toContain("disconnected");
  });

  it("reads more than one page", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `page-${index}`);
    await Promise.all(names.map(async (name) => create("page", name)));
    const pages: number[] = [];
    const query = { labelSelector: "test=page", limit: 5 };
    for await (const { items } of direct.pages(direct.path("configmaps"), { query }))
      pages.push(items.length);
    expect(pages).toEqual([5, 5, 2]);
  });
});
