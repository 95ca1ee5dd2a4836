import assert from "node:assert/strict";
import { isFinal } from "../../status/job-status.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits } from "../programs.ts";

/** Being told of changes. */
export const WATCH: ConformanceArea = {
  name: "watch",
  summary: "Being told of every change.",
  cases: [
    {
      id: "watch/snapshot-first",
      rule: "A watch begins with a snapshot of all jobs.",
      world: {},
      run: async (context) => {
        await context.submit({ name: "done", master: exits(0) });
        await context.untilFinal("done");
        await context.submit({ name: "idle", workers: { ...exits(0), count: 0 } });
        const watch = context.watch();
        await watch.begun();
        const [first] = watch.items;
        assert.ok(first?.type === "snapshot", first?.type);
        assert.deepEqual(first.jobs.map(({ name }) => name).toSorted(), ["done", "idle"]);
        await watch.stop();
      },
    },
    {
      id: "watch/empty-snapshot",
      rule: "A watch of nothing begins with an empty snapshot.",
      run: async (context) => {
        const watch = context.watch({ name: context.name("nobody") });
        await watch.begun();
        assert.deepEqual(watch.items, [{ type: "snapshot", jobs: [] }]);
        await watch.stop();
      },
    },
    {
      id: "watch/every-final-state",
      rule: "The final state of every job is told, also of those that end at once, as `inspect` has it.",
      world: {},
      run: async (context) => {
        const watch = context.watch();
        await watch.begun();
        const names = Array.from({ length: 5 }, (_, index) => `job-${index}`);
        await Promise.all(
          names.map((name, index) => context.submit({ name, master: exits(index) })),
        );
        await watch.until("all final states", (seen) => names.every((name) => seen.hasFinal(name)));
        for (const [index, name] of names.entries()) {
          const told = watch.statesOf(name).at(-1);
          assert.equal(told?.status.exitCode, index);
          assert.deepEqual(told, await context.backend.inspect(name));
        }
        await watch.stop();
      },
    },
    {
      id: "watch/life",
      rule: "A job's changes are told in order: not yet running, running, final; and nothing after the final state.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const watch = context.watch({ name });
        await watch.begun();
        const gate = context.gate();
        await context.submit({ name, master: { steps: [gate.wait] }, volumes: gate.volumes });
        await watch.until("that it runs", (seen) =>
          seen.statesOf(name).some(({ status }) => status.phase === "running"),
        );
        await gate.open();
        await watch.until("the final state", (seen) => seen.hasFinal(name));
        const phases = watch.statesOf(name).map(({ status }) => status.phase);
        const order = ["queued", "starting", "running", "succeeded"];
        const ranks = phases.map((phase) => order.indexOf(phase));
        assert.deepEqual(
          ranks,
          ranks.toSorted((a, b) => a - b),
          phases.join(),
        );
        assert.equal(phases.filter((phase) => isFinal({ phase })).length, 1, phases.join());
        await watch.stop();
      },
    },
    {
      id: "watch/deleted",
      rule: "The deletion of a job is told, with its uid.",
      run: async (context) => {
        const name = context.name();
        const { uid } = await context.submit({ name, master: UNTIL_STOPPED });
        const watch = context.watch({ name });
        await watch.begun();
        await context.backend.delete(name, { force: true });
        await watch.until("the deletion", (seen) => seen.hasDeleted(name));
        assert.deepEqual(
          watch.items.find(({ type }) => type === "deleted"),
          { type: "deleted", name, uid },
        );
        assert.ok(!watch.hasFinal(name), "a running job that was deleted has no end");
        await watch.stop();
      },
    },
    {
      id: "watch/replaced",
      rule: "A job in the place of another is told as a job of its own, with its own uid.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: exits(0) });
        await context.untilFinal(name);
        const watch = context.watch({ name });
        await watch.begun();
        const { uid } = await context.submit({ name, master: exits(1) }, { replace: true });
        await watch.until("the new job's final state", (seen) =>
          seen.statesOf(name).some((job) => job.uid === uid && isFinal(job.status)),
        );
        assert.equal(watch.statesOf(name).at(-1)?.status.exitCode, 1);
        await watch.stop();
      },
    },
    {
      id: "watch/two-watchers",
      rule: "Several watchers, in one process and in others, are all told of everything.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        const watchers = [
          context.watch({ name }),
          context.watch({ name }),
          context.watch({ name }, other),
        ];
        for (const watch of watchers) await watch.begun();
        await context.submit({ name, master: exits(3) });
        for (const watch of watchers) {
          await watch.until("the final state", (seen) => seen.hasFinal(name));
          assert.equal(watch.statesOf(name).at(-1)?.status.exitCode, 3);
          await watch.stop();
        }
      },
    },
    {
      id: "watch/one-watcher-ends",
      rule: "The end of one watch does not disturb another one of the same process.",
      run: async (context) => {
        const name = context.name();
        const [first, second] = [context.watch({ name }), context.watch({ name })];
        await first.begun();
        await second.begun();
        await first.stop();
        await context.submit({ name, master: exits(0) });
        await second.until("the final state", (seen) => seen.hasFinal(name));
        await second.stop();
      },
    },
    {
      id: "watch/filter",
      rule: "A filtered watch tells of jobs that match, and of no others.",
      run: async (context) => {
        const [wanted, other] = [context.name("wanted"), context.name("other")];
        const watch = context.watch({ name: wanted });
        await watch.begun();
        await context.submit({ name: other, master: exits(0) });
        await context.submit({ name: wanted, master: exits(0) });
        await context.untilFinal(other);
        await watch.until("the final state", (seen) => seen.hasFinal(wanted));
        assert.deepEqual(watch.statesOf(other), []);
        await watch.stop();
      },
    },
    {
      id: "watch/scale",
      rule: "Workers that come and go are told, also when another process asked for them.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 1 } });
        const watch = context.watch({ name });
        const reaches = (workers: number): Promise<void> =>
          watch.until(`${workers} workers`, (seen) => {
            const last = seen.statesOf(name).at(-1)?.status;
            return last?.nworkersRunning === workers && last.parallelism === workers;
          });
        await reaches(1);
        await other.scale(name, 2);
        await reaches(2);
        await other.scale(name, 0);
        await reaches(0);
        await watch.stop();
      },
    },
    {
      id: "watch/abort",
      rule: "A watch ends at once and without an error when its signal aborts, also before it has begun.",
      run: async (context) => {
        const watch = context.watch();
        await watch.begun();
        await watch.stop();
        const seen = [];
        for await (const event of context.backend.watch({}, AbortSignal.abort())) seen.push(event);
        assert.deepEqual(seen, []);
      },
    },
    {
      id: "watch/break",
      rule: "A watch may be left in the middle, without a signal.",
      run: async (context) => {
        const seen: string[] = [];
        const watching = (async () => {
          for await (const event of context.backend.watch()) {
            seen.push(event.type);
            break;
          }
        })();
        await context.soon("the end of the loop", watching);
        assert.deepEqual(seen, ["snapshot"]);
      },
    },
    {
      id: "watch/disconnect",
      rule: "A watch outlives a loss of the engine: `disconnected`, then a snapshot that has what happened meanwhile.",
      needs: ["disconnect", "reconnect", "sharedVolume", "touch"],
      world: {},
      run: async (context) => {
        const gate = context.gate();
        const master = { steps: [gate.wait, { do: "exit", code: 5 }] } as const;
        await context.submit({ name: "short", master, volumes: gate.volumes });
        await context.submit({ name: "long", master: UNTIL_STOPPED });
        await context.untilRunning("short");
        await context.untilRunning("long");
        const watch = context.watch();
        await watch.begun();
        await context.control("disconnect")();
        await watch.until("the loss", (seen) =>
          seen.items.some(({ type }) => type === "disconnected"),
        );
        await gate.open();
        await context.pause(context.startsMs(1));
        const before = watch.items.length;
        await context.control("reconnect")();
        await watch.until("the state after the gap", (seen) =>
          seen.items
            .slice(before)
            .some((event) => event.type === "snapshot" && event.jobs.length === 2),
        );
        await watch.until("the final state", (seen) => seen.hasFinal("short"));
        assert.equal(watch.statesOf("short").at(-1)?.status.exitCode, 5);
        assert.equal(watch.statesOf("long").at(-1)?.status.phase, "running");
        await watch.stop();
      },
    },
    {
      id: "watch/unreachable",
      rule: "A watch that cannot begin because the engine does not answer fails with BACKEND_UNREACHABLE.",
      needs: ["disconnect", "reconnect"],
      world: {},
      run: async (context) => {
        await context.submit({ name: "long", master: UNTIL_STOPPED });
        await context.untilRunning("long");
        await context.control("disconnect")();
        const watch = context.watch();
        await context.fails(watch.ended, "BACKEND_UNREACHABLE");
        await context.control("reconnect")();
      },
    },
  ],
};
