import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isManagerError, updateRecord, type NewJobRecord } from "@juliarun/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Child } from "./fixtures/child.ts";
import { testRecord } from "./fixtures/record.ts";
import { SqliteRecordStore } from "./sqlite-record-store.ts";

let folder: string;
let file: string;
const stores: SqliteRecordStore[] = [];
const warnings: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "jrun-store-"));
  file = join(folder, "engine", "records.sqlite");
  warnings.length = 0;
});

afterEach(async () => {
  await Promise.all(stores.splice(0).map(async (store) => store.close()));
  await rm(folder, { recursive: true, force: true });
});

function open(recovered: readonly NewJobRecord[] = []): SqliteRecordStore {
  const store = new SqliteRecordStore({
    file,
    owner: "me",
    recover: async () => recovered,
    onWarning: (message) => warnings.push(message),
  });
  stores.push(store);
  return store;
}

function inOtherProcess(code: string): Child {
  return new Child(`
    const { SqliteRecordStore } = await import(source("sqlite-record-store.ts"));
    const { testRecord } = await import(source("fixtures/record.ts"));
    const store = new SqliteRecordStore({
      file: ${JSON.stringify(file)}, owner: "me", recover: async () => [], onWarning: console.log,
    });
    ${code}`);
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

async function changed(store: SqliteRecordStore): Promise<void> {
  await new Promise<void>((resolve) => {
    const unsubscribe = store.onChange(() => {
      unsubscribe();
      resolve();
    });
  });
}

describe("SqliteRecordStore", () => {
  it("keeps a record as it is", async () => {
    const record = testRecord("a");
    const created = await open().create(record);
    expect(created).toEqual({ ...record, version: created.version });
    expect(await open().get("test", "a")).toEqual(created);
  });

  it("lists what others have changed and removed, and reads nothing else again", async () => {
    const [mine, theirs] = [open(), open()];
    for (const name of ["a", "b", "c"]) await mine.create(testRecord(name));
    const [a, b, c] = await mine.list();
    if (!a || !b || !c) throw new Error("not listed");
    const newer = await theirs.replace({ ...b, requestedWorkers: 7 });
    await theirs.remove(c);
    const listed = await mine.list();
    expect(listed).toEqual([a, newer]);
    expect(listed[0]).toBe(a);
  });

  it("lets a name be claimed once, and shows who has it", async () => {
    const first = await open().create(testRecord("a"));
    const error: unknown = await open()
      .create(testRecord("a"))
      .catch((thrown: unknown) => thrown);
    expect(isManagerError(error, "STATE_CONFLICT") && error.details["record"]).toEqual(first);
    await open().create(testRecord("a", { namespace: "other" }));
  });

  it("asks, as it stores a record, whoever may refuse it beside the other active ones", async () => {
    const store = open();
    const active = await store.create(testRecord("a", { namespace: "other" }));
    const outcome = { phase: "succeeded", reason: "Succeeded", message: "", at: 1 } as const;
    await store.create(testRecord("b", { outcome }));
    const seen: unknown[] = [];
    const refuse = (others: readonly unknown[]): never => {
      seen.push(others);
      throw new Error("no");
    };
    await expect(store.create(testRecord("c"), refuse)).rejects.toThrow("no");
    expect(seen).toEqual([[active]]);
    expect(await store.get("test", "c")).toBeUndefined();
    expect(await store.create(testRecord("c"), () => undefined)).toMatchObject({ name: "c" });
    await expect(store.create(testRecord("c"), refuse)).rejects.toMatchObject({
      code: "STATE_CONFLICT",
    });
  });

  it("lists by time of creation, then name, and filters", async () => {
    const store = open();
    await store.create(testRecord("b", { createdAt: 2 }));
    await store.create(testRecord("c", { createdAt: 1 }));
    await store.create(testRecord("a", { createdAt: 2 }));
    await store.create(testRecord("z", { createdAt: 0, namespace: "other" }));
    const names = async (filter = {}): Promise<string[]> =>
      (await store.list(filter)).map(({ name }) => name);
    expect(await names()).toEqual(["z", "c", "a", "b"]);
    expect(await names({ namespace: "test" })).toEqual(["c", "a", "b"]);
    const outcome = { phase: "succeeded", reason: "Succeeded", message: "", at: 3 } as const;
    const [done] = await store.list({ namespace: "other" });
    if (done) await store.replace({ ...done, outcome });
    expect(await names({ active: true })).toEqual(["c", "a", "b"]);
    expect(await names({ active: false })).toEqual(["z"]);
  });

  it("replaces only the version that was read", async () => {
    const store = open();
    const first = await store.create(testRecord("a"));
    const second = await store.replace({ ...first, requestedWorkers: 1 });
    expect(second?.requestedWorkers).toBe(1);
    expect(await store.replace({ ...first, requestedWorkers: 2 })).toBeUndefined();
    await store.remove(first);
    expect(second && (await store.replace(second))).toBeUndefined();
  });

  it("removes one submit, and remembers it", async () => {
    const store = open();
    const record = await store.create(testRecord("a"));
    expect(await store.wasRemoved(record.uid)).toBe(false);
    expect(await store.remove({ ...record, uid: "another" })).toBe(false);
    expect(await store.remove(record)).toBe(true);
    expect(await store.remove(record)).toBe(false);
    expect(await open().wasRemoved(record.uid)).toBe(true);
    await store.create(testRecord("a"));
  });

  it("can be read by its owner only", async () => {
    await open().list();
    expect(await modeOf(join(folder, "engine"))).toBe(0o700);
    const names = await readdir(join(folder, "engine"));
    const modes = await Promise.all(
      names.map(async (name) => modeOf(join(folder, "engine", name))),
    );
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  it("tells this process of its own changes", async () => {
    const store = open();
    await store.list();
    const told = changed(store);
    await store.create(testRecord("a"));
    await expect(told).resolves.toBeUndefined();
  });
});

describe("SqliteRecordStore between processes", () => {
  it("gives a name to one of two processes", async () => {
    const claim = `
      await store.list();
      console.log("ready");
      process.stdin.once("data", async () => {
        let won = 0;
        for (let i = 0; i < 50; i++) {
          won += await store.create(testRecord("job" + i)).then(() => 1, () => 0);
        }
        console.log(won);
        process.exit();
      });`;
    const children = [inOtherProcess(claim), inOtherProcess(claim)];
    for (const child of children) expect(await child.line()).toBe("ready");
    for (const child of children) child.process.stdin?.write("go\n");
    const won = await Promise.all(children.map(async (child) => Number(await child.line())));
    expect(won.reduce((sum, each) => sum + each, 0)).toBe(50);
    expect(await open().list()).toHaveLength(50);
  });

  it("loses no change when two processes change one record", async () => {
    const store = open();
    const record = await store.create(testRecord("a"));
    const child = inOtherProcess(`
      const { updateRecord } = await import("@juliarun/core");
      const key = ${JSON.stringify({ namespace: "test", name: "a", uid: record.uid })};
      const add = (current) => ({ ...current, requestedWorkers: current.requestedWorkers + 1 });
      for (let i = 0; i < 200; i++) await updateRecord(store, key, add);
      console.log("done");
      process.exit();`);
    const add = async (): Promise<unknown> =>
      updateRecord(store, record, (current) => ({
        ...current,
        requestedWorkers: current.requestedWorkers + 1,
      }));
    for (let i = 0; i < 200; i++) await add();
    expect(await child.line()).toBe("done");
    expect((await store.get("test", "a"))?.requestedWorkers).toBe(400);
  });

  it("tells of another process's change at once", async () => {
    const store = open();
    await store.list();
    const child = inOtherProcess(`
      await store.list();
      console.log("ready");
      process.stdin.once("data", () => void store.create(testRecord("a")));`);
    expect(await child.line()).toBe("ready");
    const told = changed(store);
    const before = performance.now();
    child.process.stdin?.write("go\n");
    await told;
    expect(performance.now() - before).toBeLessThan(1000);
    expect(await store.get("test", "a")).toBeDefined();
    await child.kill();
  });

  it("keeps what a killed process had committed", async () => {
    const child = inOtherProcess(`
      await store.create(testRecord("a"));
      console.log("created");
      setInterval(() => {}, 1000);`);
    expect(await child.line()).toBe("created");
    await child.kill("SIGKILL");
    expect(await open().get("test", "a")).toBeDefined();
  });
});

describe("SqliteRecordStore when its file is lost", () => {
  it("begins a new file with what the engine still has, once", async () => {
    await open([testRecord("known")]).list();
    const store = open([testRecord("foreign")]);
    expect((await store.list()).map(({ name }) => name)).toEqual(["known"]);
  });

  it("notices that the file was deleted while it was open", async () => {
    const recovered = testRecord("kept");
    const store = open([recovered]);
    await store.create(testRecord("lost"));
    const told = changed(store);
    await rm(join(folder, "engine"), { recursive: true });
    expect((await store.list()).map(({ name }) => name)).toEqual(["kept"]);
    await told;
    expect(warnings).toEqual([]);
  });

  it("puts a damaged file aside and says so", async () => {
    await open().create(testRecord("lost"));
    await Promise.all(stores.splice(0).map(async (store) => store.close()));
    await writeFile(file, "this is not a database".repeat(1000));
    const store = open([testRecord("kept")]);
    expect((await store.list()).map(({ name }) => name)).toEqual(["kept"]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("records.sqlite was damaged");
    const names = await readdir(join(folder, "engine"));
    expect(names.some((name) => name.startsWith("records.sqlite.damaged-"))).toBe(true);
  });

  it("never uses a stale version on a rebuilt record", async () => {
    const record = testRecord("a");
    const store = open([record]);
    const before = await store.get("test", "a");
    await rm(join(folder, "engine"), { recursive: true });
    expect(before && (await store.replace(before))).toBeUndefined();
  });

  it("keeps its owner when the folder is moved, not when the file is lost", async () => {
    expect(open().owner()).toBe("me");
    const other = new SqliteRecordStore({
      file,
      owner: "other",
      recover: async () => [],
      onWarning: () => undefined,
    });
    stores.push(other);
    expect(other.owner()).toBe("me");
    await rm(join(folder, "engine"), { recursive: true });
    expect(other.owner()).toBe("other");
  });

  it("says clearly that it cannot write", async () => {
    await writeFile(join(folder, "engine"), "a file where the folder should be");
    const error: unknown = await open()
      .list()
      .catch((thrown: unknown) => thrown);
    expect(isManagerError(error, "CONFIG_INVALID") && error.message).toContain(file);
  });
});
