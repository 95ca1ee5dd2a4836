import assert from "node:assert/strict";
import type { LogEntry } from "../../logs/log-entry.ts";
import type { ProgramStep } from "../../memory/program.ts";
import { textOf } from "../follower.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, print, prints } from "../programs.ts";

const onStderr = (text: string): ProgramStep => ({ do: "print", text, stream: "stderr" });

function isSortedByTime(entries: readonly LogEntry[]): boolean {
  return entries.every(
    (entry, index) => index === 0 || (entries[index - 1]?.timeNs ?? 0n) <= entry.timeNs,
  );
}

/** Reading what units wrote. */
export const LOG: ConformanceArea = {
  name: "log",
  summary: "Reading what units wrote.",
  cases: [
    {
      id: "log/lines",
      rule: "Every line of output is an entry with job, unit, attempt, stream, time and a cursor; lines of a stream keep their order.",
      run: async (context) => {
        const name = context.name();
        const before = BigInt(Date.now() - 60_000) * 1_000_000n;
        await context.submit({
          name,
          workers: { steps: [{ do: "count", prefix: "line ", lines: 200 }], count: 1 },
        });
        await context.untilFinal(name);
        const entries = await context.logs({ job: name });
        assert.deepEqual(
          entries.map((entry) => textOf(entry)),
          Array.from({ length: 200 }, (_, index) => `line ${index}`),
        );
        const [first] = entries;
        assert.ok(first);
        assert.deepEqual(
          [first.job, first.unit, first.attempt, first.stream],
          [name, "worker-0", 0, "stdout"],
        );
        assert.ok(
          first.timeNs > before && first.timeNs < before + 180_000_000_000n,
          String(first.timeNs),
        );
        assert.equal(new Set(entries.map(({ cursor }) => cursor)).size, 200);
      },
    },
    {
      id: "log/streams",
      rule: "Standard output and standard error are told apart, and can be asked for alone.",
      run: async (context) => {
        const name = context.name();
        const steps = [print("out 1"), onStderr("err 1"), print("out 2"), onStderr("err 2")];
        await context.submit({ name, master: { steps } });
        await context.untilFinal(name);
        const all = await context.logs({ job: name });
        const told = all.map((entry) => `${entry.stream}: ${textOf(entry)}`).toSorted();
        assert.deepEqual(told, [
          "stderr: err 1",
          "stderr: err 2",
          "stdout: out 1",
          "stdout: out 2",
        ]);
        assert.deepEqual(await context.lines({ job: name, stream: "stdout" }), ["out 1", "out 2"]);
        assert.deepEqual(await context.lines({ job: name, stream: "stderr" }), ["err 1", "err 2"]);
      },
    },
    {
      id: "log/unit",
      rule: "The output of one unit can be asked for alone.",
      run: async (context) => {
        const name = context.name();
        await context.submit({
          name,
          workers: { steps: [{ do: "printEnv", names: ["JRUN_UNIT"] }], count: 3 },
        });
        await context.untilFinal(name);
        assert.deepEqual(await context.lines({ job: name, unit: "worker-1" }), [
          "JRUN_UNIT=worker-1",
        ]);
        assert.equal((await context.lines({ job: name })).length, 3);
      },
    },
    {
      id: "log/count",
      rule: "`count` limits to that many last entries; 0 is no limit.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: { steps: [{ do: "count", prefix: "", lines: 30 }] } });
        await context.untilFinal(name);
        assert.deepEqual(await context.lines({ job: name, count: 3 }), ["27", "28", "29"]);
        assert.equal((await context.lines({ job: name, count: 0 })).length, 30);
        assert.equal((await context.lines({ job: name, count: 100 })).length, 30);
      },
    },
    {
      id: "log/count-of-all-units",
      rule: "`count` is of all units together, by time.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const gate = context.gate();
        const last = { do: "onWorker", index: 1, steps: [gate.wait, print("last")] } as const;
        const first = { do: "onWorker", index: 0, steps: [print("a"), print("b")] } as const;
        const workers = { steps: [first, last], count: 2 };
        await context.submit({ name, workers, volumes: gate.volumes });
        await context.until(name, "half done", ({ status }) => status.nworkersSucceeded === 1);
        await gate.open();
        await context.untilFinal(name);
        assert.deepEqual(await context.lines({ job: name, count: 2 }), ["b", "last"]);
      },
    },
    {
      id: "log/merged",
      rule: "Without `follow`, entries of several units are in the order of their times.",
      run: async (context) => {
        const name = context.name();
        const steps = [{ do: "count", prefix: "line ", lines: 20, everyMs: 15 }] as const;
        await context.submit({ name, workers: { steps, count: 3 } });
        await context.untilFinal(name);
        const entries = await context.logs({ job: name });
        assert.equal(entries.length, 60);
        assert.ok(isSortedByTime(entries), "not in the order of time");
      },
    },
    {
      id: "log/since",
      rule: "`sinceNs` leaves out what is older.",
      run: async (context) => {
        const name = context.name();
        const steps = [print("old"), { do: "sleep", ms: 300 }, print("new")] as const;
        await context.submit({ name, master: { steps } });
        await context.untilFinal(name);
        const [old, young] = await context.logs({ job: name });
        assert.ok(old && young);
        assert.deepEqual(await context.lines({ job: name, sinceNs: old.timeNs + 1n }), ["new"]);
        assert.deepEqual(await context.lines({ job: name, sinceNs: young.timeNs }), ["new"]);
        assert.deepEqual(await context.lines({ job: name, sinceNs: young.timeNs + 1n }), []);
      },
    },
    {
      id: "log/restarts",
      rule: "The output of every start of a unit is kept.",
      run: async (context) => {
        const name = context.name();
        const steps = [print("try"), onStderr("oops"), { do: "exit", code: 1 }] as const;
        await context.submit({ name, master: { steps, maxRestarts: 1 } });
        await context.untilFinal(name);
        assert.deepEqual(await context.lines({ job: name, stream: "stdout" }), ["try", "try"]);
        assert.deepEqual(await context.lines({ job: name, stream: "stderr" }), ["oops", "oops"]);
      },
    },
    {
      id: "log/binary",
      rule: "Bytes that are no text come through unchanged.",
      run: async (context) => {
        const name = context.name();
        const line = Buffer.from([0xff, 0xfe, 0x80, 0x01, 0x7f, 0x0d, 0xc3, 0x28]);
        const base64 = Buffer.concat([line, Buffer.from("\n")]).toString("base64");
        await context.submit({
          name,
          master: { steps: [{ do: "write", base64 }, print("after")] },
        });
        await context.untilFinal(name);
        const entries = await context.logs({ job: name });
        assert.deepEqual(
          entries.map((entry) => Buffer.from(entry.line)),
          [line, Buffer.from("after")],
        );
      },
    },
    {
      id: "log/no-newline",
      rule: "A last line without a newline is an entry like any other.",
      run: async (context) => {
        const name = context.name();
        const base64 = Buffer.from("first\nlast").toString("base64");
        await context.submit({ name, master: { steps: [{ do: "write", base64 }] } });
        await context.untilFinal(name);
        assert.deepEqual(await context.lines({ job: name }), ["first", "last"]);
      },
    },
    {
      id: "log/empty-lines",
      rule: "Empty lines are entries too.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: prints("a", "", "", "b") });
        await context.untilFinal(name);
        assert.deepEqual(await context.lines({ job: name }), ["a", "", "", "b"]);
      },
    },
    {
      id: "log/long-line",
      rule: "A long line is one entry.",
      run: async (context) => {
        const name = context.name();
        const long = "0123456789".repeat(4000);
        await context.submit({ name, master: prints("before", long, "after") });
        await context.untilFinal(name);
        const lines = await context.lines({ job: name });
        assert.deepEqual(
          lines.map(({ length }) => length),
          [6, 40_000, 5],
        );
        assert.equal(lines[1], long);
      },
    },
    {
      id: "log/many-lines",
      rule: "Twenty thousand lines on two streams come whole and in order.",
      run: async (context) => {
        const name = context.name();
        const lines = 10_000;
        const count = { do: "count", lines } as const;
        const steps = [
          { ...count, prefix: "out" },
          { ...count, prefix: "err", stream: "stderr" },
        ] as const;
        await context.submit({ name, master: { steps } });
        await context.untilFinal(name);
        const entries = await context.logs({ job: name });
        for (const [stream, prefix] of [
          ["stdout", "out"],
          ["stderr", "err"],
        ] as const) {
          const texts = entries
            .filter((entry) => entry.stream === stream)
            .map((entry) => textOf(entry));
          assert.equal(texts.length, lines);
          assert.equal(
            texts.findIndex((text, index) => text !== `${prefix}${index}`),
            -1,
          );
        }
      },
    },
    {
      id: "log/none",
      rule: "A job without output has no entries; that is no error, and neither is a job without units.",
      run: async (context) => {
        const [quiet, idle] = [context.name("quiet"), context.name("idle")];
        await context.submit({ name: quiet, master: { steps: [] } });
        await context.submit({ name: idle, workers: { ...UNTIL_STOPPED, count: 0 } });
        await context.untilFinal(quiet);
        assert.deepEqual(await context.lines({ job: quiet }), []);
        assert.deepEqual(await context.lines({ job: idle }), []);
      },
    },
    {
      id: "log/namespace",
      rule: "Without a job, the output of all jobs of the namespace is merged by time, and entries tell their job.",
      world: {},
      run: async (context) => {
        const steps = [{ do: "count", prefix: "line ", lines: 10, everyMs: 20 }] as const;
        await context.submit({ name: "a", master: { steps } });
        await context.submit({ name: "b", master: { steps } });
        await context.untilFinal("a");
        await context.untilFinal("b");
        const entries = await context.logs({});
        assert.deepEqual(
          ["a", "b"].map((name) => entries.filter(({ job }) => job === name).length),
          [10, 10],
        );
        assert.ok(isSortedByTime(entries), "not in the order of time");
      },
    },
    {
      id: "log/unknown-job",
      rule: "Logs of a job that does not exist are refused with JOB_NOT_FOUND, also when followed.",
      run: async (context) => {
        const job = context.name("nobody");
        await context.fails(context.logs({ job }), "JOB_NOT_FOUND");
        await context.fails(context.logs({ job, follow: true }), "JOB_NOT_FOUND");
      },
    },
    {
      id: "log/unknown-unit",
      rule: "Logs of a unit that the job has not are refused with SPEC_INVALID.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 1 } });
        await context.untilRunning(name, 1);
        for (const unit of ["master", "worker-7", "nonsense", ""]) {
          await context.fails(context.logs({ job: name, unit }), "SPEC_INVALID");
        }
      },
    },
    {
      id: "log/unknown-cursor",
      rule: "A cursor that no entry gave is refused with SPEC_INVALID.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: prints("line") });
        await context.untilFinal(name);
        for (const cursor of ["nonsense", "", "AAAA"]) {
          await context.fails(context.logs({ job: name, cursors: [cursor] }), "SPEC_INVALID");
        }
      },
    },
  ],
};
