import { MemoryRecordStore, type JobRecord, type LogEntry, type LogQuery } from "@juliarun/core";
import { beforeEach, describe, expect, it } from "vitest";
import { testGroup, testPlan, testRecord } from "./fixtures/record.ts";
import { ScriptedPodLogs } from "./fixtures/scripted-pod-logs.ts";
import { KuberLogger } from "./kuber-logger.ts";
import type { LogContainer, LogPod } from "./pod-run.ts";

const STARTED = Date.parse("2026-01-02T03:04:00Z");

/** A line at so many seconds after the start. */
function line(seconds: number, text: string): string {
  const at = new Date(STARTED + Math.floor(seconds) * 1000).toISOString().slice(0, 19);
  const nanoseconds = Math.round((seconds % 1) * 1e9);
  return `${at}.${String(nanoseconds).padStart(9, "0")}Z ${text}`;
}

function container(id: string, running: boolean, seconds = 0): LogContainer {
  return { id, running, startedAt: STARTED + seconds * 1000 };
}

function pod(uid: string, index: number, changes: Partial<LogPod>): LogPod {
  const identity = { job: "job", jobUid: "uid", role: "worker" } as const;
  return {
    name: `job-${index}`,
    uid,
    index,
    failures: undefined,
    restarts: 0,
    current: undefined,
    previous: undefined,
    ...identity,
    ...changes,
  };
}

function fourLines(name: string): string[] {
  return [1, 2, 3, 4].map((second) => line(second, `${name}${second}`));
}

function told(entries: readonly LogEntry[]): string[] {
  return entries.map(
    (entry) => `${entry.unit} ${entry.attempt} ${Buffer.from(entry.line).toString("latin1")}`,
  );
}

describe("KuberLogger", () => {
  let store: MemoryRecordStore;
  let source: ScriptedPodLogs;
  let logger: KuberLogger;
  let record: JobRecord;

  beforeEach(async () => {
    store = new MemoryRecordStore();
    source = new ScriptedPodLogs();
    logger = new KuberLogger(source, store);
    const plan = testPlan([testGroup({ role: "worker", replicas: 2 })]);
    const changes = { namespace: "test", name: "job", uid: "uid", requestedWorkers: 2 };
    record = await store.create(testRecord(plan, changes));
  });

  async function finish(): Promise<void> {
    const outcome = { phase: "succeeded", reason: "Succeeded", message: "", at: 0 } as const;
    await store.replace({ ...record, outcome });
  }

  async function read(
    query: LogQuery,
    onBatch?: (entries: LogEntry[]) => void,
  ): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    for await (const batch of logger.logs("test", { job: "job", ...query })) {
      entries.push(...batch);
      onBatch?.(entries);
    }
    return entries;
  }

  it("goes on where a merge of several logs broke, when it follows", async () => {
    source.logs.set("a", { lines: fourLines("a"), breaks: [2] });
    source.logs.set("b", { lines: fourLines("b"), breaks: [3, 1] });
    source.show(
      pod("a", 0, { current: container("a", false) }),
      pod("b", 1, { current: container("b", false, 1) }),
    );
    await finish();
    const entries = await read({ follow: true });
    expect(told(entries).toSorted()).toEqual(
      ["worker-0 0 a", "worker-1 0 b"].flatMap((name) => [1, 2, 3, 4].map((n) => `${name}${n}`)),
    );
    await expect(read({})).resolves.toHaveLength(8);
  });

  it("opens a log again that ends while its container runs, with lines of one time", async () => {
    source.logs.set("a", {
      lines: [line(1, "one"), line(1, "two"), line(1, "three"), line(1.5, "four")],
      breaks: [2, -1, -3],
    });
    source.show(pod("a", 0, { current: container("a", true) }));
    const entries = await read({ follow: true }, (seen) => {
      if (seen.length < 4) return;
      void finish().then(() => source.show(pod("a", 0, { current: container("a", false) })));
    });
    expect(told(entries)).toEqual(
      ["one", "two", "three", "four"].map((text) => `worker-0 0 ${text}`),
    );
  });

  it("reads a container to its end before the next one, which it may have mistaken for it", async () => {
    const ran = container("a", true);
    source.logs.set("a", { lines: [line(1, "a1")], breaks: [-1] });
    source.logs.set("b", { lines: [line(3, "b1"), line(4, "b2")] });
    source.show(pod("p", 0, { current: ran }));
    const next = { restarts: 1, previous: container("a", false) };
    const entries = await read({ follow: true }, (seen) => {
      if (seen.length === 1) {
        source.logs.set("a", { lines: [line(1, "a1"), line(2, "a2")] });
        source.show(pod("p", 0, { ...next, current: container("b", true, 3) }));
      } else if (seen.length === 4) {
        void finish().then(() =>
          source.show(pod("p", 0, { ...next, current: container("b", false, 3) })),
        );
      }
    });
    expect(told(entries)).toEqual([
      "worker-0 0 a1",
      "worker-0 0 a2",
      "worker-0 1 b1",
      "worker-0 1 b2",
    ]);
  });

  it("does not take a replaced pod's lines for those that were read", async () => {
    source.logs.set("old", { lines: [line(1, "old")] });
    source.show(pod("old", 0, { restarts: 3, current: container("old", false) }));
    const [old] = await read({});
    source.logs.set("new", { lines: [line(5, "new"), line(6, "newer")] });
    source.show(pod("new", 0, { current: container("new", false, 5) }));
    const cursors = [old?.cursor ?? ""];
    const entries = await read({ cursors });
    expect(told([...(old ? [old] : []), ...entries])).toEqual([
      "worker-0 3 old",
      "worker-0 0 new",
      "worker-0 0 newer",
    ]);
    const rest = await read({ cursors: [...cursors, entries[0]?.cursor ?? ""] });
    expect(told(rest)).toEqual(["worker-0 0 newer"]);
  });

  it("gives a last line without newline of a pod that is gone", async () => {
    source.logs.set("a", { lines: [line(1, "whole"), line(2, "part")], withoutNewline: true });
    source.show(pod("a", 0, { current: container("a", true) }));
    const entries = await read({ follow: true }, (seen) => {
      source.show();
      if (seen.length === 2) void finish();
    });
    expect(told(entries)).toEqual(["worker-0 0 whole", "worker-0 0 part"]);
  });
});
