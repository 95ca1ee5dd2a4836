import assert from "node:assert/strict";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits, lasts, prints } from "../programs.ts";

/** Time limits, and jobs that depend on others. */
export const LIMIT: ConformanceArea = {
  name: "limit",
  summary: "Time limits, and jobs that depend on others.",
  cases: [
    {
      id: "limit/max-runtime",
      rule: "A job that runs longer than its maximum run time is stopped and `failed` with reason DeadlineExceeded.",
      run: async (context) => {
        const name = context.name();
        await context.submit({
          name,
          master: UNTIL_STOPPED,
          workers: { ...UNTIL_STOPPED, count: 1 },
          maxRuntimeSeconds: 1,
        });
        const { status } = await context.untilFinal(name);
        assert.deepEqual([status.phase, status.reason], ["failed", "DeadlineExceeded"]);
        const { startedAt = 0, finishedAt = 0 } = status;
        assert.ok(finishedAt - startedAt >= 900, `stopped after ${finishedAt - startedAt} ms`);
        assert.deepEqual([status.nworkersRunning, status.nworkersSucceeded], [0, 0]);
      },
    },
    {
      id: "limit/max-runtime-not-reached",
      rule: "A job that ends before its maximum run time is not concerned by it.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: lasts(100), maxRuntimeSeconds: 30 });
        assert.equal((await context.untilFinal(name)).status.phase, "succeeded");
      },
    },
    {
      id: "limit/max-runtime-from-start",
      rule: "The maximum run time counts from the master's start: time in the queue is free.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        const cpuMillis = Math.floor(context.world.capacity.cpuMillis * 0.6);
        const resources = { cpuMillis };
        await context.submit({ name: "first", master: { ...lasts(2500), resources } });
        await context.untilRunning("first");
        await context.submit({
          name: "second",
          master: { ...lasts(100), resources },
          maxRuntimeSeconds: 2,
        });
        assert.equal((await context.untilFinal("second")).status.phase, "succeeded");
      },
    },
    {
      id: "limit/start-timeout",
      rule: "A job that has not started within its start time-out is `failed` with reason StartTimeout, and never starts.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        const cpuMillis = Math.floor(context.world.capacity.cpuMillis * 0.6);
        const resources = { cpuMillis };
        await context.submit({ name: "first", master: { ...UNTIL_STOPPED, resources } });
        await context.untilRunning("first");
        const master = { ...prints("never"), resources };
        await context.submit({ name: "second", master, startTimeoutSeconds: 1 });
        const { status } = await context.untilFinal("second");
        assert.deepEqual([status.phase, status.reason], ["failed", "StartTimeout"]);
        assert.equal(status.units[0]?.attempts, 0);
        await context.backend.delete("first", { force: true });
        assert.deepEqual(await context.lines({ job: "second" }), []);
      },
    },
    {
      id: "limit/start-timeout-met",
      rule: "A job that starts in time, with its minimum of workers, is not concerned by its start time-out afterwards.",
      run: async (context) => {
        const name = context.name();
        // Also on a busy machine.
        const startTimeoutSeconds = Math.ceil(context.patienceMs / 3000);
        await context.submit({
          name,
          master: UNTIL_STOPPED,
          workers: { ...UNTIL_STOPPED, count: 1 },
          minWorkers: 1,
          startTimeoutSeconds,
        });
        const { createdAt } = await context.untilRunning(name, 1);
        await context.pause(createdAt + startTimeoutSeconds * 1000 + 300 - Date.now());
        assert.equal((await context.backend.inspect(name)).status.phase, "running");
      },
    },
    {
      id: "limit/minimum-in-time",
      rule: "A job whose minimum of workers does not run within its start time-out is `failed` with reason StartTimeout, which says how many ran, and nothing of it goes on.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        const part = (share: number) => ({
          cpuMillis: Math.floor(context.world.capacity.cpuMillis * share),
        });
        await context.submit({ name: "first", master: { ...UNTIL_STOPPED, resources: part(0.5) } });
        await context.untilRunning("first");
        await context.submit({
          name: "second",
          master: { ...UNTIL_STOPPED, resources: part(0.2) },
          workers: { ...UNTIL_STOPPED, count: 2, resources: part(0.2) },
          minWorkers: 2,
          startTimeoutSeconds: Math.max(1, Math.ceil(context.startsMs(4) / 1000)),
        });
        const { status } = await context.untilFinal("second");
        assert.deepEqual([status.phase, status.reason], ["failed", "StartTimeout"]);
        assert.match(status.message, /with 2 workers within \d+ s: .*[01] of 2 workers ran/);
        assert.equal(status.nworkersRunning, 0);
        assert.equal((await context.backend.inspect("first")).status.phase, "running");
      },
    },
    {
      id: "limit/after-waits",
      rule: "A job that is to run after another is `queued` with reason WaitingForDependency until that one has succeeded.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const first = context.name("first");
        const second = context.name("second");
        const gate = context.gate();
        const master = { steps: [gate.wait] };
        await context.submit({ name: first, master, volumes: gate.volumes });
        await context.submit({ name: second, master: exits(0), after: [first] });
        const { status } = await context.backend.inspect(second);
        assert.deepEqual([status.phase, status.reason], ["queued", "WaitingForDependency"]);
        assert.match(status.message, new RegExp(first));
        await gate.open();
        const ended = await context.untilFinal(second);
        assert.equal(ended.status.phase, "succeeded");
        const { finishedAt = Infinity } = (await context.backend.inspect(first)).status;
        // Some engines tell whole seconds.
        assert.ok(
          (ended.status.startedAt ?? 0) >= finishedAt - 1000,
          "started before the other had ended",
        );
      },
    },
    {
      id: "limit/after-failed",
      rule: "A job that is to run after one that failed is `failed` with reason DependencyFailed, and never starts.",
      run: async (context) => {
        const first = context.name("first");
        const second = context.name("second");
        await context.submit({ name: first, master: exits(1) });
        await context.submit({ name: second, master: prints("never"), after: [first] });
        const { status } = await context.untilFinal(second);
        assert.deepEqual([status.phase, status.reason], ["failed", "DependencyFailed"]);
        assert.deepEqual(await context.lines({ job: second }), []);
      },
    },
    {
      id: "limit/after-deleted",
      rule: "A job that is to run after one that is deleted is `failed` with reason DependencyFailed.",
      run: async (context) => {
        const first = context.name("first");
        const second = context.name("second");
        await context.submit({ name: first, master: UNTIL_STOPPED });
        await context.submit({ name: second, master: exits(0), after: [first] });
        await context.backend.delete(first, { force: true });
        const { status } = await context.untilFinal(second);
        assert.deepEqual([status.phase, status.reason], ["failed", "DependencyFailed"]);
      },
    },
    {
      id: "limit/after-is-remembered",
      rule: "That a job has succeeded is remembered for those that wait for it, also when it is deleted before they start.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const [first, slow] = [context.name("first"), context.name("slow")];
        const last = context.name("last");
        const [gate, slowGate] = [context.gate(), context.gate("slow")];
        const slowMaster = { steps: [slowGate.wait] };
        await context.submit({ name: slow, master: slowMaster, volumes: slowGate.volumes });
        await context.submit({
          name: first,
          master: { steps: [gate.wait] },
          volumes: gate.volumes,
          keepAfterFinishSeconds: 0,
        });
        await context.submit({ name: last, master: exits(0), after: [first, slow] });
        await gate.open();
        await context.eventually("the first job is gone", async () => {
          const { jobs } = await context.backend.list({ name: first });
          return jobs.length === 0;
        });
        await slowGate.open();
        assert.equal((await context.untilFinal(last)).status.phase, "succeeded");
      },
    },
    {
      id: "limit/keep-after-finish",
      rule: "A job with a keep-after-finish time is deleted by itself that long after its end, not before.",
      run: async (context) => {
        const name = context.name();
        const watch = context.watch({ name });
        await watch.begun();
        // Some engines tell whole seconds.
        await context.submit({ name, master: exits(0), keepAfterFinishSeconds: 2 });
        await watch.until("the final state", (seen) => seen.hasFinal(name));
        const { finishedAt = 0 } = watch.statesOf(name).at(-1)?.status ?? {};
        await watch.until("the deletion", (seen) => seen.hasDeleted(name));
        assert.ok(Date.now() - finishedAt >= 1900, "it was deleted too early");
        await context.fails(context.backend.inspect(name), "JOB_NOT_FOUND");
      },
    },
  ],
};
