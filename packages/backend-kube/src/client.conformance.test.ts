import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isManagerError, type ManagerError } from "@juliarun/core";
import {
  KubeConfig,
  type V1ConfigMap,
  type V1Pod,
  type V1ResourceQuota,
} from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { KubeClient } from "./client.ts";
import { isAlreadyExists, isConflict, isNotFound } from "./errors.ts";
import { ApiProxy } from "./fixtures/api-proxy.ts";
import { openTestClient, TestNamespace } from "./fixtures/test-namespace.ts";

const cluster = inject("kubernetes");

describe.skipIf(!cluster.available)("KubeClient", () => {
  let site: TestNamespace;
  let client: KubeClient;
  const closes: (() => void | Promise<void>)[] = [];

  beforeAll(async () => {
    if (!cluster.available) return;
    site = await TestNamespace.create(cluster.kubeconfig, "client");
    client = site.client;
  });

  afterEach(async () => {
    for (const close of closes.splice(0).toReversed()) await close();
  });

  afterAll(async () => site?.close());

  function kept<T extends { close(): void | Promise<void> }>(thing: T): T {
    closes.push(async () => thing.close());
    return thing;
  }

  async function throughProxy(): Promise<{ proxy: ApiProxy; proxied: KubeClient }> {
    if (!cluster.available) throw new Error("There is no cluster.");
    const folder = await mkdtemp(join(tmpdir(), "jrun-proxy-"));
    closes.push(async () => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "kubeconfig");
    const proxy = kept(await ApiProxy.open(cluster.kubeconfig, file));
    return { proxy, proxied: kept(await openTestClient(file, site.name)) };
  }

  it("creates, reads, patches and deletes", async () => {
    const path = client.path("configmaps", "crud");
    const created = await client.create(client.path("configmaps"), configMap("crud"));
    const uid = created.metadata?.uid ?? "";
    expect(await client.get<V1ConfigMap>(path)).toMatchObject({ data: { value: "1" } });
    await client.patch(path, { data: { other: "2" } });
    const again = client.create(client.path("configmaps"), configMap("crud"));
    expect(isAlreadyExists(await again.catch((error: unknown) => error))).toBe(true);
    const resourceVersion = created.metadata?.resourceVersion;
    const old = client.patch(path, { metadata: { resourceVersion }, data: { value: "3" } });
    expect(isConflict(await old.catch((error: unknown) => error))).toBe(true);
    const other = client.delete(path, { uid: crypto.randomUUID() });
    expect(isConflict(await other.catch((error: unknown) => error))).toBe(true);
    expect(await client.delete(path, { uid })).toBe(true);
    expect(await client.delete(path)).toBe(false);
    expect(await client.find(path)).toBeUndefined();
    expect(isNotFound(await client.get(path).catch((error: unknown) => error))).toBe(true);
  });

  it("deletes a collection by its labels", async () => {
    await client.create(client.path("configmaps"), configMap("all-1"));
    await client.create(client.path("configmaps"), configMap("all-2"));
    const query = { labelSelector: "test=client" };
    await client.delete(client.path("configmaps"), { query });
    for await (const page of client.pages(client.path("configmaps"), { query }))
      expect(page.items).toEqual([]);
  });

  it("uses one connection for calls that follow each other", async () => {
    const { proxy, proxied } = await throughProxy();
    for (let count = 0; count < 10; count++) await proxied.get(proxied.path("configmaps"));
    expect(proxy.accepted).toBe(1);
    await Promise.all(Array.from({ length: 4 }, async () => proxied.get(proxied.path("pods"))));
    expect(proxy.accepted).toBeLessThanOrEqual(4);
  });

  it("says that the server does not answer, and goes on when it does", async () => {
    const { proxy, proxied } = await throughProxy();
    await proxied.get(proxied.path("pods"));
    await proxy.disconnect();
    await expect(proxied.get(proxied.path("pods"))).rejects.toMatchObject({
      code: "BACKEND_UNREACHABLE",
      message: expect.stringContaining(proxied.address),
    });
    await proxy.reconnect();
    await proxied.get(proxied.path("pods"));
    proxy.breakConnections();
    // Whether or not the break was noticed before the connection is used again.
    await proxied.get(proxied.path("pods"));
  });

  it("ends when it is told to, or late, or closed", async () => {
    const signal = AbortSignal.abort();
    const late = { timeoutMs: 1 };
    await expect(client.get("/api/v1/pods", { signal })).rejects.toMatchObject({
      code: "CANCELLED",
    });
    await expect(client.get("/api/v1/pods", late)).rejects.toThrow("no answer within 0.001 s");
    const own = client.with({});
    own.close();
    await expect(own.get("/api/v1/pods")).rejects.toMatchObject({ code: "CANCELLED" });
    await client.get("/api/v1/namespaces");
    const { proxied } = await throughProxy();
    const slow = proxied.stream(
      proxied.path("pods"),
      { watch: true },
      new AbortController().signal,
    );
    const stream = await slow;
    proxied.close();
    await expect(stream.toArray()).rejects.toThrow(/aborted|Premature/);
  });

  it("has a caller's own rights, and shows no secret when it is refused", async () => {
    const token = "eyJhbGciOi.top-secret";
    const own = kept(client.with({ credentials: { type: "token", token } }));
    const refused = await own.get(own.path("pods")).catch((error: unknown) => error);
    expect(isManagerError(refused, "UNAUTHENTICATED")).toBe(true);
    expect(describeError(refused)).not.toContain("top-secret");
    await client.create(client.path("serviceaccounts"), { metadata: { name: "caller" } });
    const request = await client.request<{ status: { token: string } }>(
      "POST",
      client.path("serviceaccounts", "caller", "token"),
      {},
      { value: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} } },
    );
    const credentials = { type: "token", token: request.status.token } as const;
    const caller = kept(client.with({ credentials }));
    const forbidden = await caller.get(caller.path("secrets")).catch((error: unknown) => error);
    expect(forbidden).toMatchObject({
      code: "FORBIDDEN",
      details: { verb: "list", resource: "secrets", namespace: site.name },
    });
    expect(describeError(forbidden)).not.toContain(request.status.token);
  });

  it("needs no CA where nothing is verified, and refuses a server that it cannot verify", async () => {
    if (!cluster.available) return;
    const { address } = client;
    const open = (skipTLSVerify: boolean): KubeClient => {
      const config = new KubeConfig();
      config.loadFromClusterAndUser(
        { name: "cluster", server: address, skipTLSVerify },
        { name: "user" },
      );
      return kept(new KubeClient(config, site.name));
    };
    expect(await open(true).get("/version")).toMatchObject({ major: "1" });
    await expect(open(false).get("/version")).rejects.toMatchObject({
      code: "BACKEND_UNREACHABLE",
      hint: expect.stringContaining("certificate-authority-data"),
    });
  });

  it("tells quota, Pod Security and a wrong spec apart", async () => {
    const attempt = async (changes: object): Promise<ManagerError> => {
      const dry = { query: { dryRun: "All" } };
      const refused: unknown = await client
        .create(client.path("pods"), pod(changes), dry)
        .catch((error: unknown) => error);
      if (isManagerError(refused)) return refused;
      throw new Error("It was accepted.");
    };
    expect(await attempt({ name: "Wrong Name" })).toMatchObject({
      code: "SPEC_INVALID",
      message: expect.stringContaining("spec.containers[0].name"),
    });
    const enforce = { "pod-security.kubernetes.io/enforce": "baseline" };
    await client.patch(`/api/v1/namespaces/${site.name}`, { metadata: { labels: enforce } });
    expect(await attempt({ securityContext: { privileged: true } })).toMatchObject({
      code: "SPEC_INVALID",
      message: expect.stringMatching(/standard baseline:\S+, and .* violates it: privileged/),
    });
    await client.create<V1ResourceQuota>(client.path("resourcequotas"), {
      metadata: { name: "compute" },
      spec: { hard: { "requests.cpu": "1" } },
    });
    // Counted by a controller before it is in force.
    await vi.waitFor(async () => {
      const quota = client.path("resourcequotas", "compute");
      expect((await client.get<V1ResourceQuota>(quota)).status?.hard).toBeDefined();
    });
    expect(await attempt({ resources: { requests: { cpu: "2" } } })).toMatchObject({
      code: "QUOTA_EXCEEDED",
    });
    expect(await attempt({})).toMatchObject({ code: "SPEC_INVALID" });
  });
});

function describeError(error: unknown): string {
  const chain: string[] = [];
  for (let each = error; each instanceof Error; each = each.cause) {
    chain.push(JSON.stringify(each, Object.getOwnPropertyNames(each)));
  }
  return chain.join("\n");
}

function configMap(name: string, value = "1"): V1ConfigMap {
  return { metadata: { name, labels: { test: "client" } }, data: { value } };
}

function pod(changes: object): V1Pod {
  const container = { name: "unit", image: "none", ...changes };
  return { metadata: { name: "trial" }, spec: { containers: [container] } };
}
