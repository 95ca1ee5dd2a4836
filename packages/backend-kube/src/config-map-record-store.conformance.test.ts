import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ManagerError,
  placedFile,
  updateRecord,
  type JobRecord,
  type NewJobRecord,
} from "@juliarun/core";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { KubeClient } from "./client.ts";
import { ConfigMapRecordStore } from "./config-map-record-store.ts";
import { ApiProxy } from "./fixtures/api-proxy.ts";
import { openTestClient, TestNamespace } from "./fixtures/test-namespace.ts";

const cluster = inject("kubernetes");

const SUCCEEDED = {
  phase: "succeeded",
  reason: "Succeeded",
  message: "Ended with exit code 0.",
  at: 2,
} as const;

function refuseFourth(others: readonly JobRecord[]): void {
  if (others.length >= 3) throw new ManagerError("QUOTA_EXCEEDED", "Too many.");
}

describe.skipIf(!cluster.available)("ConfigMapRecordStore", () => {
  let site: TestNamespace;
  let client: KubeClient;
  const stores: ConfigMapRecordStore[] = [];
  const warnings: string[] = [];

  beforeAll(async () => {
    if (!cluster.available) return;
    site = await TestNamespace.create(cluster.kubeconfig, "records");
    client = site.client;
  });

  afterEach(async () => {
    await Promise.all(stores.splice(0).map(async (store) => store.close()));
    await client.delete(client.path("configmaps"), { query: { labelSelector: "juliarun/job" } });
    warnings.length = 0;
  });

  afterAll(async () => site?.close());

  function open(through = client): ConfigMapRecordStore {
    const store = new ConfigMapRecordStore({
      client: through,
      onWarning: (message) => warnings.push(message),
    });
    stores.push(store);
    return store;
  }

  /** One that answers from its watch, and counts its calls. */
  async function openFollowing() {
    const get = vi.spyOn(client, "request");
    const store = open();
    const told = vi.fn<() => void>();
    store.onChange(told);
    await vi.waitFor(() => expect(told).toHaveBeenCalled());
    get.mockClear();
    return { store, told, calls: get };
  }

  function newRecord(name: string, changes: Partial<NewJobRecord> = {}): NewJobRecord {
    return {
      namespace: site.name,
      name,
      uid: crypto.randomUUID(),
      createdAt: 1,
      spec: { type: "Test", name, parameters: { a: [1] }, files: [] },
      hash: "hash",
      plan: {
        completion: "master",
        groups: [],
        volumes: {},
        external: false,
        minWorkers: 0,
        after: [],
        labels: {},
      },
      requestedWorkers: 0,
      units: {},
      secrets: {},
      ...changes,
    };
  }

  it("asks who may refuse in the moment of storing, also where several store at once", async () => {
    const several = Array.from({ length: 4 }, () => open());
    const names = Array.from({ length: 8 }, (_, index) => `job-${index}`);
    const results = await Promise.allSettled(
      names.map(async (name, index) => several[index % 4]?.create(newRecord(name), refuseFourth)),
    );
    const refused = results.filter(({ status }) => status === "rejected");
    expect(refused).toHaveLength(5);
    for (const result of refused)
      expect(result).toMatchObject({ reason: { code: "QUOTA_EXCEEDED" } });
    expect(await open().list()).toHaveLength(3);
    // Nothing of it keeps those waiting who need not ask.
    await open().create(newRecord("free"));
  });

  it("gives a name to whoever is first", async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, async () => open().create(newRecord("race"))),
    );
    const winners = all.filter(({ status }) => status === "fulfilled");
    expect(winners).toHaveLength(1);
    const stored = await open().get(site.name, "race");
    const refusals: unknown[] = all.flatMap((each) =>
      each.status === "rejected" ? [each.reason as unknown] : [],
    );
    const refusal = { code: "STATE_CONFLICT", details: { record: { uid: stored?.uid } } };
    expect(refusals).toMatchObject(Array.from({ length: 4 }, () => refusal));
  });

  it("claims a name although the answer was lost", async () => {
    const record = newRecord("unanswered");
    const lost = vi.spyOn(client, "create").mockImplementationOnce(async (path, object) => {
      await client.request("POST", path, {}, { value: object });
      throw new ManagerError("BACKEND_UNREACHABLE", "The connection broke.");
    });
    expect(await open().create(record)).toMatchObject({ uid: record.uid });
    expect(lost).toHaveBeenCalledTimes(2);
    await expect(open().create(newRecord("unanswered"))).rejects.toMatchObject({
      code: "STATE_CONFLICT",
    });
  });

  it("swaps only from the newest version of the same uid", async () => {
    const store = open();
    const first = await store.create(newRecord("job"));
    const second = await store.replace({ ...first, requestedWorkers: 1 });
    expect(second?.requestedWorkers).toBe(1);
    expect(await store.replace({ ...first, requestedWorkers: 2 })).toBeUndefined();
    expect(await store.get(site.name, "job")).toEqual(second);
    expect(await store.remove({ ...first, uid: "other" })).toBe(false);
    expect(await store.wasRemoved(first.uid)).toBe(false);
    expect(await open().remove(first)).toBe(true);
    expect(await store.remove(first)).toBe(false);
    expect(await store.wasRemoved(first.uid)).toBe(true);
    const later = await store.create(newRecord("job"));
    expect(await store.replace({ ...later, uid: first.uid })).toBeUndefined();
    expect(second && (await store.replace(second))).toBeUndefined();
    expect(await store.remove(first)).toBe(false);
    expect((await open().owner(later))?.name).toBe("job");
    expect(await open().owner(first)).toBeUndefined();
  });

  it("lists in the order of time and name, and what is active", async () => {
    const store = open();
    await store.create(newRecord("b", { createdAt: 5 }));
    await store.create(newRecord("c", { createdAt: 1 }));
    const done = await store.create(newRecord("a", { createdAt: 5 }));
    await store.replace({ ...done, outcome: SUCCEEDED });
    const { store: following } = await openFollowing();
    for (const each of [store, following]) {
      expect((await each.list()).map(({ name }) => name)).toEqual(["c", "a", "b"]);
      const active = await each.list({ namespace: site.name, active: true });
      expect(active.map(({ name }) => name)).toEqual(["c", "b"]);
      expect(await each.list({ namespace: "other" })).toEqual([]);
      expect(await each.get("other", "a")).toBeUndefined();
    }
    const [one, two] = [await store.list(), await store.list()];
    expect(one.every((record, index) => record === two[index])).toBe(true);
  });

  it("keeps files apart, and no secrets", async () => {
    const files = [
      placedFile("a.jl", "println(1)"),
      placedFile("data.bin", Buffer.from([0xff, 0])),
    ];
    const record = newRecord("files");
    const store = open();
    const created = await store.create({
      ...record,
      spec: { ...record.spec, files },
      secrets: { cookie: "top-secret" },
    });
    expect(created).toMatchObject({ spec: { files }, secrets: { cookie: "top-secret" } });
    const object = await client.get<V1ConfigMap>(client.path("configmaps", "files"));
    expect(JSON.stringify(object)).not.toContain("top-secret");
    expect(object.binaryData).toEqual({
      "file-0": files[0]?.contentBase64,
      "file-1": files[1]?.contentBase64,
    });
    expect((await store.replace({ ...created, requestedWorkers: 1 }))?.requestedWorkers).toBe(1);
    expect((await open().get(site.name, "files"))?.spec.files).toEqual(files);
    const [listed] = await store.list();
    expect(listed?.spec.files.map(({ name }) => name)).toEqual(["a.jl", "data.bin"]);
    expect(JSON.stringify(listed)).not.toContain(files[0]?.contentBase64);
  });

  it("refuses what is too large, in words", async () => {
    const record = newRecord("large");
    const files = [placedFile("a", Buffer.alloc(2 ** 20 - 100))];
    await expect(open().create({ ...record, spec: { ...record.spec, files } })).rejects.toThrow(
      /has 104\d{4} bytes .* at most 1048576 \(1 MiB\)/,
    );
    const most = [placedFile("a", Buffer.alloc(2 ** 20 - 1000))];
    await open().create({ ...record, spec: { ...record.spec, files: most } });
  });

  it("does not take a foreign ConfigMap for a job", async () => {
    await client.create<V1ConfigMap>(client.path("configmaps"), { metadata: { name: "foreign" } });
    await expect(open().create(newRecord("foreign"))).rejects.toMatchObject({
      code: "JOB_EXISTS",
      message: expect.stringContaining("which is not JuliaRun's"),
    });
    expect(await open().get(site.name, "foreign")).toBeUndefined();
    expect(await open().list()).toEqual([]);
  });

  it("leaves out what it cannot read, and says so once", async () => {
    const store = open();
    await store.create(newRecord("good"));
    await store.create(newRecord("newer"));
    await client.patch(client.path("configmaps", "newer"), { data: { format: "2" } });
    const listed = [await store.list(), await store.list()];
    expect(listed.flat().map(({ name }) => name)).toEqual(["good", "good"]);
    expect(warnings).toEqual([
      `The record of job newer in namespace ${site.name} cannot be read and is left out: it has the format "2", not 1.`,
    ]);
    await expect(store.create(newRecord("newer"))).rejects.toMatchObject({ code: "JOB_EXISTS" });
  });

  it("answers from the watch, own writes at once, without a call", async () => {
    const { store, told, calls } = await openFollowing();
    const created = await store.create(newRecord("own"));
    expect(await store.get(site.name, "own")).toMatchObject({ version: created.version });
    const replaced = await store.replace({ ...created, requestedWorkers: 7 });
    expect((await store.get(site.name, "own"))?.version).toBe(replaced?.version);
    expect(await store.list()).toHaveLength(1);
    expect(calls).toHaveBeenCalledTimes(2);
    told.mockClear();
    const other = open(client.with({}));
    await other.remove(created);
    await vi.waitFor(async () => expect(await store.get(site.name, "own")).toBeUndefined());
    expect(told).toHaveBeenCalled();
  });

  it("wins a swap although its watch is behind", async () => {
    const { store } = await openFollowing();
    const created = await store.create(newRecord("behind"));
    const other = open(client.with({}));
    const results = await Promise.all(
      Array.from({ length: 6 }, async (_, index) =>
        updateRecord(index % 2 === 0 ? store : other, created, (current) => ({
          ...current,
          requestedWorkers: current.requestedWorkers + 1,
        })),
      ),
    );
    expect(Math.max(...results.map((record) => record?.requestedWorkers ?? 0))).toBe(6);
    expect((await other.get(site.name, "behind"))?.requestedWorkers).toBe(6);
  });

  it("reads live while the watch is broken", async () => {
    if (!cluster.available) return;
    const folder = await mkdtemp(join(tmpdir(), "jrun-proxy-"));
    const file = join(folder, "kubeconfig");
    const proxy = await ApiProxy.open(cluster.kubeconfig, file);
    const proxied = await openTestClient(file, site.name);
    try {
      const store = open(proxied);
      const told = vi.fn<() => void>();
      store.onChange(told);
      await vi.waitFor(() => expect(told).toHaveBeenCalled());
      await proxy.disconnect();
      await vi.waitFor(() =>
        expect(store.list()).rejects.toMatchObject({ code: "BACKEND_UNREACHABLE" }),
      );
      await open().create(newRecord("meanwhile"));
      await proxy.reconnect();
      expect(await store.list()).toHaveLength(1);
    } finally {
      await proxy.close();
      proxied.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
