import assert from "node:assert/strict";
import type { LogEntry } from "../../logs/log-entry.ts";
import type { CaseContext } from "../case-context.ts";
import { textOf } from "../follower.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits, lasts, print, printsAndWaits } from "../programs.ts";

/** The last cursor of every stream among these entries. */
function lastCursors(entries: readonly LogEntry[]): string[] {
  const last = new Map<string, string>();
  for (const entry of entries) last.set(`${entry.job}/${entry.unit}/${entry.stream}`, entry.cursor);
  return [...last.values()];
}

/** Lines by unit and stream: what must be the same however the log is read. */
function byStream(entries: readonly LogEntry[]): Record<string, string[]> {
  const streams: Record<string, string[]> = {};
  for (const entry of entries)
    (streams[`${entry.unit} ${entry.stream}`] ??= []).push(textOf(entry));
  return streams;
}

/** A job of two workers that write bursts of lines on both streams. */
async function submitTalkers(context: CaseContext, name: string): Promise<void> {
  const steps = [0, 1, 2].flatMap((round) => [
    { do: "count", prefix: `round ${round} line `, lines: 5 } as const,
    { do: "count", prefix: `round ${round} line `, lines: 5, stream: "stderr" } as const,
    { do: "sleep", ms: 60 } as const,
  ]);
  await context.submit({ name, workers: { steps, count: 2 } });
}

/** Following logs, and going on after a break. */
export const FOLLOW: ConformanceArea = {
  name: "follow",
  summary: "Following logs, and going on where one stopped.",
  cases: [
    {
      id: "follow/to-the-end",
      rule: "Followed logs have every line and end by themselves when the job has ended.",
      run: async (context) => {
        const name = context.name();
        await context.submit({
          name,
          master: { steps: [{ do: "count", prefix: "line ", lines: 20, everyMs: 10 }] },
        });
        const follower = context.follow({ job: name });
        await follower.end();
        assert.deepEqual(
          follower.lines(),
          Array.from({ length: 20 }, (_, index) => `line ${index}`),
        );
        await context.untilFinal(name);
      },
    },
    {
      id: "follow/live",
      rule: "Lines come while the program still runs.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: printsAndWaits("early") });
        const follower = context.follow({ job: name });
        await follower.until("its line", (seen) => seen.lines().includes("early"));
        assert.equal((await context.untilRunning(name)).status.phase, "running");
        await follower.stop();
      },
    },
    {
      id: "follow/finished",
      rule: "Followed logs of a finished job have every line and end at once.",
      run: async (context) => {
        const name = context.name();
        await submitTalkers(context, name);
        await context.untilFinal(name);
        const follower = context.follow({ job: name });
        await follower.end();
        assert.deepEqual(byStream(follower.entries), byStream(await context.logs({ job: name })));
      },
    },
    {
      id: "follow/before-the-start",
      rule: "A job may be followed before it has started.",
      run: async (context) => {
        const [first, second] = [context.name("first"), context.name("second")];
        await context.submit({ name: first, master: lasts(300) });
        await context.submit({ name: second, master: lasts(50, "hello"), after: [first] });
        const follower = context.follow({ job: second });
        await follower.end();
        assert.deepEqual(follower.lines(), ["hello"]);
      },
    },
    {
      id: "follow/restarts",
      rule: "Followed logs go on over restarts of a unit, without a line lost or doubled.",
      run: async (context) => {
        const name = context.name();
        const steps = [print("one"), print("two"), { do: "exit", code: 1 }] as const;
        await context.submit({ name, master: { steps, maxRestarts: 2 } });
        const follower = context.follow({ job: name });
        await follower.end();
        assert.deepEqual(follower.lines(), ["one", "two", "one", "two", "one", "two"]);
      },
    },
    {
      id: "follow/new-units",
      rule: "Followed logs pick up units that are started later.",
      run: async (context) => {
        const name = context.name();
        const steps = [{ do: "printEnv", names: ["JRUN_UNIT"] }, { do: "untilStopped" }] as const;
        await context.submit({ name, workers: { steps, count: 1 } });
        const follower = context.follow({ job: name });
        await follower.until("the first worker", (seen) => seen.lines("worker-0").length === 1);
        await context.backend.scale(name, 2);
        await follower.until("the second worker", (seen) => seen.lines("worker-1").length === 1);
        assert.deepEqual(follower.lines("worker-0"), ["JRUN_UNIT=worker-0"]);
        await follower.stop();
      },
    },
    {
      id: "follow/new-jobs",
      rule: "Followed logs of a namespace pick up jobs that are submitted later.",
      world: {},
      run: async (context) => {
        const follower = context.follow({});
        await context.submit({ name: "first", master: lasts(10, "one") });
        await follower.until("the first job's line", (seen) => seen.lines().includes("one"));
        await context.submit({ name: "second", master: lasts(10, "two") });
        await follower.until("the second job's line", (seen) => seen.lines().includes("two"));
        assert.deepEqual(follower.lines(), ["one", "two"]);
        await follower.stop();
      },
    },
    {
      id: "follow/count",
      rule: "`count` limits what is old; what is new comes whole.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const gate = context.gate();
        const steps = [
          { do: "count", prefix: "old ", lines: 10 },
          gate.wait,
          { do: "count", prefix: "new ", lines: 3 },
        ] as const;
        await context.submit({ name, master: { steps }, volumes: gate.volumes });
        await context.untilRunning(name);
        await context.eventually(
          "ten lines",
          async () => (await context.lines({ job: name })).length === 10,
        );
        const follower = context.follow({ job: name, count: 2 });
        await follower.until("the old lines", (seen) => seen.lines().length >= 2);
        await gate.open();
        await follower.end();
        assert.deepEqual(follower.lines(), ["old 8", "old 9", "new 0", "new 1", "new 2"]);
      },
    },
    {
      id: "follow/abort",
      rule: "Followed logs end at once and without an error when the signal aborts.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: printsAndWaits("line") });
        const follower = context.follow({ job: name });
        await follower.until("its line", (seen) => seen.lines().length === 1);
        const begun = Date.now();
        await follower.stop();
        assert.ok(Date.now() - begun < 1000, "it took long");
        assert.equal((await context.backend.inspect(name)).status.phase, "running");
      },
    },
    {
      id: "follow/break",
      rule: "Followed logs may be left in the middle, without a signal.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: printsAndWaits("line") });
        let lines = 0;
        const reading = (async () => {
          for await (const batch of context.backend.logs({ job: name, follow: true })) {
            lines += batch.length;
            if (lines > 0) break;
          }
        })();
        await context.soon("the end of the loop", reading);
        assert.equal(lines, 1);
      },
    },
    {
      id: "follow/deleted",
      rule: "Followed logs end when the job is deleted.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: printsAndWaits("line") });
        const follower = context.follow({ job: name });
        await follower.until("its line", (seen) => seen.lines().length === 1);
        await context.backend.delete(name, { force: true });
        await follower.end();
        assert.deepEqual(follower.lines(), ["line"]);
      },
    },
    {
      id: "follow/two-followers",
      rule: "Several followers, in several processes, each get every line.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        await submitTalkers(context, name);
        const followers = [context.follow({ job: name }), context.follow({ job: name }, other)];
        for (const follower of followers) await follower.end();
        const expected = byStream(await context.logs({ job: name }));
        assert.equal(Object.keys(expected).length, 4);
        for (const follower of followers) assert.deepEqual(byStream(follower.entries), expected);
      },
    },
    {
      id: "follow/resume",
      rule: "From the last cursor of every stream one goes on anywhere, without a line lost or doubled, also in a burst of lines of one time.",
      run: async (context) => {
        const name = context.name();
        await submitTalkers(context, name);
        await context.untilFinal(name);
        const whole = await context.logs({ job: name });
        assert.equal(whole.length, 60);
        for (const length of [1, 2, 7, 14, 29, 30, 31, 47, 59, 60]) {
          const before = whole.slice(0, length);
          const rest = await context.logs({ job: name, cursors: lastCursors(before) });
          assert.deepEqual(
            byStream([...before, ...rest]),
            byStream(whole),
            `resumed after ${length} entries`,
          );
          assert.equal(rest.length, whole.length - length);
        }
      },
    },
    {
      id: "follow/resume-following",
      rule: "A follower that breaks off in the middle and resumes by its cursors has every line once.",
      run: async (context) => {
        const name = context.name();
        const steps = [{ do: "count", prefix: "line ", lines: 40, everyMs: 10 }] as const;
        await context.submit({ name, workers: { steps, count: 2 } });
        const entries: LogEntry[] = [];
        for (const part of [8, 20, 33]) {
          const follower = context.follow({ job: name, cursors: lastCursors(entries) });
          await follower.until(
            `${part} entries`,
            (seen) => entries.length + seen.entries.length >= part,
          );
          await follower.stop();
          entries.push(...follower.entries);
        }
        const last = context.follow({ job: name, cursors: lastCursors(entries) });
        await last.end();
        entries.push(...last.entries);
        assert.deepEqual(byStream(entries), byStream(await context.logs({ job: name })));
        assert.equal(entries.length, 80);
      },
    },
    {
      id: "follow/resume-over-restart",
      rule: "Cursors stay good over restarts of a unit.",
      run: async (context) => {
        const name = context.name();
        const steps = [print("one"), print("two"), { do: "exit", code: 1 }] as const;
        await context.submit({ name, master: { steps, maxRestarts: 2 } });
        await context.untilFinal(name);
        const whole = await context.logs({ job: name });
        for (const length of [1, 2, 3, 5]) {
          const rest = await context.logs({
            job: name,
            cursors: lastCursors(whole.slice(0, length)),
          });
          assert.equal(rest.length, 6 - length, `after ${length} entries`);
        }
      },
    },
    {
      id: "follow/resume-by-another-process",
      rule: "A cursor is good in every process.",
      run: async (context) => {
        const name = context.name();
        await submitTalkers(context, name);
        await context.untilFinal(name);
        const whole = await context.logs({ job: name });
        const other = await context.another();
        const rest = await context.logs(
          { job: name, cursors: lastCursors(whole.slice(0, 25)) },
          other,
        );
        assert.deepEqual(byStream([...whole.slice(0, 25), ...rest]), byStream(whole));
      },
    },
    {
      id: "follow/disconnect",
      rule: "A follower outlives a loss of the engine, without a line lost or doubled.",
      needs: ["disconnect", "reconnect"],
      world: {},
      run: async (context) => {
        const everyMs = 20;
        const lines = 30 + Math.ceil(context.startsMs(1) / everyMs);
        await context.submit({
          name: "job",
          master: { steps: [{ do: "count", prefix: "", lines, everyMs }] },
        });
        const follower = context.follow({ job: "job" });
        await follower.until("its first lines", (seen) => seen.lines().length >= 3);
        await context.control("disconnect")();
        await context.pause(300);
        await context.control("reconnect")();
        await follower.end();
        assert.deepEqual(
          follower.lines(),
          Array.from({ length: lines }, (_, index) => String(index)),
        );
      },
    },
    {
      id: "follow/failed-start",
      rule: "Followed logs of a job that cannot start end when it has failed.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: { ...exits(0), missingCommand: true } });
        const follower = context.follow({ job: name });
        await follower.end();
        assert.deepEqual(follower.lines(), []);
      },
    },
    {
      id: "follow/workers-of-a-master",
      rule: "Followed logs have the last lines of workers that are stopped because the master has ended.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const worker = { ...UNTIL_STOPPED, onStop: { print: "last words", exitCode: 0 } };
        const gate = context.gate();
        await context.submit({
          name,
          master: { steps: [gate.wait, print("master")] },
          workers: { ...worker, count: 2 },
          volumes: gate.volumes,
        });
        const follower = context.follow({ job: name });
        await context.untilRunning(name, 2);
        await gate.open();
        await follower.end();
        assert.deepEqual(follower.lines().toSorted(), ["last words", "last words", "master"]);
      },
    },
  ],
};
