import assert from "node:assert/strict";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits, prints } from "../programs.ts";

/** Jobs of several units: what decides their outcome. */
export const PARALLEL: ConformanceArea = {
  name: "parallel",
  summary: "Jobs of several units, and what decides their outcome.",
  cases: [
    {
      id: "parallel/workers-all-succeed",
      rule: "A job of workers alone succeeds when all of them have.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...exits(0), count: 3 } });
        const { status } = await context.untilFinal(name);
        assert.deepEqual([status.phase, status.exitCode], ["succeeded", 0]);
        assert.deepEqual([status.nworkersSucceeded, status.parallelism], [3, 3]);
        assert.deepEqual(
          status.units.map((unit) => [unit.name, unit.phase]),
          [0, 1, 2].map((index) => [`worker-${index}`, "succeeded"]),
        );
      },
    },
    {
      id: "parallel/one-worker-fails",
      rule: "A worker that fails for good does not end the others; the job fails with its code when they have ended.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const fails = { do: "onWorker", index: 1, steps: [{ do: "exit", code: 9 }] } as const;
        const gate = context.gate();
        const workers = {
          steps: [fails, gate.wait],
          maxRestarts: 1,
          count: 3,
        } as const;
        await context.submit({ name, workers, volumes: gate.volumes });
        const middle = await context.until(
          name,
          "running with one worker failed",
          ({ status }) => status.units[1]?.phase === "failed" && status.nworkersRunning === 2,
        );
        assert.equal(middle.status.phase, "running");
        assert.deepEqual(
          [middle.status.units[1]?.exitCode, middle.status.units[1]?.attempts],
          [9, 2],
        );
        await gate.open();
        const { status } = await context.untilFinal(name);
        assert.deepEqual(
          [status.phase, status.exitCode, status.nworkersSucceeded],
          ["failed", 9, 2],
        );
        assert.deepEqual(
          status.units.map((unit) => unit.attempts),
          [1, 2, 1],
        );
      },
    },
    {
      id: "parallel/workers-after-master",
      rule: "Workers of a job with a master are started when the master runs, not before.",
      run: async (context) => {
        const name = context.name();
        await context.submit({
          name,
          master: UNTIL_STOPPED,
          workers: { ...UNTIL_STOPPED, count: 2 },
        });
        const { status } = await context.untilRunning(name, 2);
        const [master, ...workers] = status.units;
        for (const worker of workers) {
          assert.ok(
            (worker.startedAt ?? 0) >= (master?.startedAt ?? Infinity),
            "a worker was first",
          );
        }
      },
    },
    {
      id: "parallel/master-decides",
      rule: "When the master succeeds, so has the job: its workers are stopped and counted as succeeded.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const gate = context.gate();
        await context.submit({
          name,
          master: { steps: [gate.wait] },
          workers: { ...UNTIL_STOPPED, count: 2 },
          volumes: gate.volumes,
        });
        await context.untilRunning(name, 2);
        await gate.open();
        const { status } = await context.untilFinal(name);
        assert.deepEqual([status.phase, status.exitCode], ["succeeded", 0]);
        assert.deepEqual(
          [status.nworkersSucceeded, status.nworkersRunning, status.parallelism],
          [2, 0, 2],
        );
      },
    },
    {
      id: "parallel/master-fails",
      rule: "When the master fails for good, so has the job: with its code, and its workers are stopped and not counted as succeeded.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const gate = context.gate();
        await context.submit({
          name,
          master: { steps: [gate.wait, { do: "exit", code: 5 }] },
          workers: { ...UNTIL_STOPPED, count: 1 },
          volumes: gate.volumes,
        });
        await context.untilRunning(name, 1);
        await gate.open();
        const { status } = await context.untilFinal(name);
        assert.deepEqual(
          [status.phase, status.exitCode, status.nworkersSucceeded],
          ["failed", 5, 0],
        );
        assert.notEqual(status.units[1]?.phase, "running");
      },
    },
    {
      id: "parallel/worker-failure-is-not-the-jobs",
      rule: "A worker that fails for good leaves a job with a master running.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const gate = context.gate();
        await context.submit({
          name,
          master: { steps: [gate.wait] },
          workers: { ...exits(6), count: 1 },
          volumes: gate.volumes,
        });
        const middle = await context.until(
          name,
          "with a failed worker",
          ({ status }) => status.units[1]?.phase === "failed",
        );
        assert.deepEqual([middle.status.phase, middle.status.units[1]?.exitCode], ["running", 6]);
        await gate.open();
        const { status } = await context.untilFinal(name);
        assert.deepEqual([status.phase, status.nworkersSucceeded], ["succeeded", 0]);
      },
    },
    {
      id: "parallel/zero-workers",
      rule: "A job of workers alone with none is valid: `idle`, reason NoUnits, neither pending nor finished.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...exits(0), count: 0 } });
        const { status } = await context.until(name, "idle", (job) => job.status.phase === "idle");
        assert.deepEqual([status.reason, status.parallelism, status.npending], ["NoUnits", 0, 0]);
        assert.deepEqual(status.units, []);
        await context.fails(context.backend.delete(name), "JOB_INCOMPLETE");
      },
    },
    {
      id: "parallel/master-without-workers",
      rule: "A job with a master and no workers ends as its master does.",
      run: async (context) => {
        const name = context.name();
        await context.submit({
          name,
          master: prints("alone"),
          workers: { ...UNTIL_STOPPED, count: 0 },
        });
        const { status } = await context.untilFinal(name);
        assert.deepEqual(
          [status.phase, status.parallelism, status.nworkersSucceeded],
          ["succeeded", 0, 0],
        );
      },
    },
    {
      id: "parallel/manual-status",
      rule: "The manual's five status fields are right while a parallel job runs and when it has ended.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const gate = context.gate();
        await context.submit({
          name,
          master: { steps: [gate.wait] },
          workers: { ...UNTIL_STOPPED, count: 2 },
          volumes: gate.volumes,
        });
        const running = await context.untilRunning(name, 2);
        assert.deepEqual(manualStatus(running.status), [true, false, 0, 2, 0]);
        await gate.open();
        const ended = await context.untilFinal(name);
        assert.deepEqual(manualStatus(ended.status), [true, true, 2, 2, 0]);
      },
    },
  ],
};

function manualStatus(status: {
  readonly created: boolean;
  readonly succeeded: boolean;
  readonly nworkersSucceeded: number;
  readonly parallelism: number;
  readonly npending: number;
}): unknown[] {
  const { created, succeeded, nworkersSucceeded, parallelism, npending } = status;
  return [created, succeeded, nworkersSucceeded, parallelism, npending];
}
