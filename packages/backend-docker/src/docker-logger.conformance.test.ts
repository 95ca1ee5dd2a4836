import { join } from "node:path";
import {
  isManagerError,
  updateRecord,
  type JobRecord,
  type LogEntry,
  type LogQuery,
} from "@juliarun/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DockerEngine } from "./docker-engine.ts";
import { DockerLogger } from "./docker-logger.ts";
import { EngineSite } from "./fixtures/engine-site.ts";
import { testGroup, testPlan } from "./fixtures/record.ts";
import { SqliteRecordStore } from "./sqlite-record-store.ts";

const MASTER = { role: "master", index: 0 } as const;
const TIMEOUT_MS = 120_000;

let site: EngineSite;
let store: SqliteRecordStore;
let logger: DockerLogger;
let engine: DockerEngine;

beforeAll(async () => {
  site = await EngineSite.open();
  store = new SqliteRecordStore({
    file: join(site.folder, "state", "records.sqlite"),
    owner: site.owner,
    recover: async () => [],
    onWarning: () => undefined,
  });
  logger = new DockerLogger(site.client, store);
  engine = site.engine();
});

afterAll(async () => {
  await logger.close();
  await store.close();
  await site.close();
}, 60_000);

async function run(name: string, command: string, maxRestarts = 0): Promise<JobRecord> {
  const restart = { policy: "on-failure", maxRestarts } as const;
  const resources = { cpuMillis: 100, cpuLimitMillis: 2000, memoryBytes: 2 ** 28, gpus: 0 };
  const group = testGroup(["sh", "-c", command], { restart, container: { resources } });
  const record = await store.create(site.record(name, testPlan([group])));
  await engine.start({ record, unit: MASTER, attempt: 0, restartsLeft: maxRestarts });
  return record;
}

/** What the actor does when the job has ended. */
async function finish(record: JobRecord, restarts = 0): Promise<void> {
  await site.until(engine, record, (unit) => unit.state === "exited" && unit.restarts === restarts);
  const outcome = { phase: "succeeded", reason: "Succeeded", message: "", at: Date.now() } as const;
  await updateRecord(store, record, (current) => ({ ...current, outcome }));
}

async function read(query: LogQuery): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for await (const batch of logger.logs(site.namespace, query)) {
    for (const entry of batch) entries.push(entry);
  }
  return entries;
}

const texts = (entries: readonly LogEntry[], stream = "stdout"): string[] =>
  entries
    .filter((entry) => entry.stream === stream)
    .map(({ line }) => Buffer.from(line).toString("latin1"));

const count = (lines: number, redirect = ""): string =>
  `i=0; while [ $i -lt ${lines} ]; do echo $i${redirect}; i=$((i+1)); done`;

const numbers = (lines: number): string[] =>
  Array.from({ length: lines }, (_, index) => `${index}`);

describe("DockerLogger", () => {
  it(
    "reads 100,000 lines of two streams without loss, in order of time",
    { timeout: TIMEOUT_MS },
    async () => {
      const record = await run("many", `(${count(50_000)}) & (${count(50_000, " >&2")}); wait`);
      await finish(record);
      const entries = await read({ job: "many" });
      expect(texts(entries)).toEqual(numbers(50_000));
      expect(texts(entries, "stderr")).toEqual(numbers(50_000));
      const late = entries.filter(
        ({ timeNs }, index) => timeNs < (entries[index - 1]?.timeNs ?? 0n),
      );
      expect(late).toEqual([]);
    },
  );

  it(
    "keeps bytes, joins long lines, and has a last line without newline",
    { timeout: TIMEOUT_MS },
    async () => {
      const command = String.raw`printf '\377\376\r\n'; head -c 100000 /dev/zero | tr '\0' a; echo; echo; head -c 32768 /dev/zero | tr '\0' b; echo; printf end`;
      await finish(await run("bytes", command));
      const lines = texts(await read({ job: "bytes" }));
      const expected = ["\u00ff\u00fe\r", "a".repeat(100_000), "", "b".repeat(32_768), "end"];
      expect(lines.map((line) => line.length)).toEqual(expected.map((line) => line.length));
      expect(lines).toEqual(expected);
      for (const last of [1, 2, 3, 4]) {
        expect(texts(await read({ job: "bytes", count: last }))).toEqual(expected.slice(-last));
      }
    },
  );

  it("resumes after any entry", { timeout: TIMEOUT_MS }, async () => {
    await finish(await run("resumed", count(3000)));
    const all = await read({ job: "resumed" });
    for (const index of [0, 1, 1499, 2998, 2999]) {
      const cursor = all[index]?.cursor ?? "";
      const rest = await read({ job: "resumed", stream: "stdout", cursors: [cursor] });
      expect(texts(rest)).toEqual(numbers(3000).slice(index + 1));
    }
  });

  it(
    "finds the last lines of a stream far behind those of the other",
    { timeout: TIMEOUT_MS },
    async () => {
      await finish(await run("rare", `echo first >&2; echo second >&2; sleep 0.2; ${count(5000)}`));
      expect(texts(await read({ job: "rare", stream: "stderr", count: 1 }), "stderr")).toEqual([
        "second",
      ]);
      expect(texts(await read({ job: "rare", count: 2 }))).toEqual(["4998", "4999"]);
    },
  );

  it(
    "follows over restarts of the container, each line once",
    { timeout: TIMEOUT_MS },
    async () => {
      const record = await run("restarted", `${count(2000)}; exit 1`, 2);
      const following = read({ job: "restarted", follow: true });
      await finish(record, 2);
      expect(texts(await following)).toEqual([
        ...numbers(2000),
        ...numbers(2000),
        ...numbers(2000),
      ]);
    },
  );

  it("follows over the engine's rotation of the log", { timeout: TIMEOUT_MS }, async () => {
    const filler = "x".repeat(150);
    // With pauses: a follower that is a whole file behind is not shown that file by the engine.
    const rest = "[ $((i % 5000)) -ne 0 ] || sleep 0.05";
    const command = `i=0; while [ $i -lt 300000 ]; do echo $i ${filler}; i=$((i+1)); ${rest}; done`;
    const record = await run("rotated", command);
    const following = read({ job: "rotated", follow: true });
    await finish(record);
    const seen = texts(await following).map((line) => Number.parseInt(line, 10));
    const wrong = seen.findIndex((value, index) => value !== index);
    expect({ lines: seen.length, wrong }).toEqual({ lines: 300_000, wrong: -1 });
  });

  it(
    "has no entries, and no error, when the containers of a finished job were pruned",
    { timeout: TIMEOUT_MS },
    async () => {
      const record = await run("pruned", "echo line");
      await finish(record);
      await engine.remove(await site.until(engine, record, () => true));
      expect(await read({ job: "pruned" })).toEqual([]);
      expect(await read({ job: "pruned", follow: true })).toEqual([]);
    },
  );

  it.each([
    [{ job: "none" }, "JOB_NOT_FOUND"],
    [{ job: "many", unit: "worker-0" }, "SPEC_INVALID"],
    [{ job: "many", unit: "boss" }, "SPEC_INVALID"],
    [{ job: "many", cursors: ["x"] }, "SPEC_INVALID"],
  ] as const)("refuses %j", async (query, code) => {
    const error: unknown = await read(query).catch((thrown: unknown) => thrown);
    expect(isManagerError(error, code)).toBe(true);
  });
});
