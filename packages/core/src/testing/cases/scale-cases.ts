import assert from "node:assert/strict";
import type { Job } from "../../backend/job.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits, print, printsAndWaits } from "../programs.ts";

/** What must not change of a unit that stays. */
function unitFacts(job: Job, name: string): unknown {
  const unit = job.status.units.find((candidate) => candidate.name === name);
  return unit && { phase: unit.phase, attempts: unit.attempts, startedAt: unit.startedAt };
}

/** More and fewer workers. */
export const SCALE: ConformanceArea = {
  name: "scale",
  summary: "More and fewer workers.",
  cases: [
    {
      id: "scale/up",
      rule: "Scaled up, a job gets more workers; those that run are not touched.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...printsAndWaits("once"), count: 1 } });
        const before = await context.untilRunning(name, 1);
        await context.backend.scale(name, 3);
        const after = await context.untilRunning(name, 3);
        assert.equal(after.status.parallelism, 3);
        assert.deepEqual(unitFacts(after, "worker-0"), unitFacts(before, "worker-0"));
        assert.deepEqual(await context.lines({ job: name, unit: "worker-0" }), ["once"]);
      },
    },
    {
      id: "scale/down",
      rule: "Scaled down, a job loses its workers of the highest numbers; the others are not touched.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...printsAndWaits("once"), count: 3 } });
        const before = await context.untilRunning(name, 3);
        await context.backend.scale(name, 1);
        const after = await context.untilRunning(name, 1);
        assert.deepEqual(
          after.status.units.map((unit) => unit.name),
          ["worker-0"],
        );
        assert.equal(after.status.parallelism, 1);
        assert.deepEqual(unitFacts(after, "worker-0"), unitFacts(before, "worker-0"));
        assert.deepEqual(await context.lines({ job: name, unit: "worker-0" }), ["once"]);
      },
    },
    {
      id: "scale/to-zero-and-back",
      rule: "Scaled to 0 a job of workers alone is `idle`, not finished; scaled up again its workers run.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 2 } });
        await context.untilRunning(name, 2);
        await context.backend.scale(name, 0);
        const idle = await context.until(name, "idle", ({ status }) => status.phase === "idle");
        assert.deepEqual([idle.status.reason, idle.status.parallelism], ["NoUnits", 0]);
        await context.backend.scale(name, 2);
        const { status } = await context.untilRunning(name, 2);
        assert.deepEqual(
          status.units.map((unit) => unit.attempts),
          [1, 1],
        );
      },
    },
    {
      id: "scale/master-stays",
      rule: "Scaling the workers of a job does not touch its master, also to 0 and back.",
      run: async (context) => {
        const name = context.name();
        const master = printsAndWaits("once");
        await context.submit({ name, master, workers: { ...UNTIL_STOPPED, count: 1 } });
        const before = await context.untilRunning(name, 1);
        await context.backend.scale(name, 0);
        await context.untilRunning(name, 0);
        await context.backend.scale(name, 2);
        const after = await context.untilRunning(name, 2);
        assert.deepEqual(unitFacts(after, "master"), unitFacts(before, "master"));
        assert.deepEqual(await context.lines({ job: name, unit: "master" }), ["once"]);
      },
    },
    {
      id: "scale/same",
      rule: "Scaled to what it has, a job is left alone.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...printsAndWaits("once"), count: 2 } });
        const before = await context.untilRunning(name, 2);
        await context.eventually(
          "both lines",
          async () => (await context.lines({ job: name })).length >= 2,
        );
        await context.backend.scale(name, 2);
        const after = await context.untilRunning(name, 2);
        assert.deepEqual(unitFacts(after, "worker-1"), unitFacts(before, "worker-1"));
        assert.deepEqual(await context.lines({ job: name }), ["once", "once"]);
      },
    },
    {
      id: "scale/at-once-after-submit",
      rule: "A job can be scaled before any of its units has started.",
      run: async (context) => {
        const name = context.name();
        await context.submit({
          name,
          master: UNTIL_STOPPED,
          workers: { ...UNTIL_STOPPED, count: 0 },
        });
        await context.backend.scale(name, 1);
        const { status } = await context.untilRunning(name, 1);
        assert.deepEqual(
          status.units.map((unit) => unit.attempts),
          [1, 1],
        );
      },
    },
    {
      id: "scale/done-stays-done",
      rule: "A worker that has ended well is not run again when the job is scaled up.",
      run: async (context) => {
        const name = context.name();
        const done = { do: "onWorker", index: 0, steps: [{ do: "exit", code: 0 }] } as const;
        const steps = [print("started"), done, { do: "untilStopped" }] as const;
        await context.submit({ name, workers: { steps, count: 2 } });
        await context.until(
          name,
          "with worker-0 succeeded and worker-1 running",
          ({ status }) => status.units[0]?.phase === "succeeded" && status.nworkersRunning === 1,
        );
        await context.backend.scale(name, 3);
        const { status } = await context.untilRunning(name, 2);
        assert.deepEqual([status.units[0]?.phase, status.units[0]?.attempts], ["succeeded", 1]);
        assert.deepEqual(await context.lines({ job: name, unit: "worker-0" }), ["started"]);
      },
    },
    {
      id: "scale/two-at-once",
      rule: "Of two processes that scale a job at once one has the last word, and no unit is doubled.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        await context.submit({ name, workers: { ...printsAndWaits("up"), count: 1 } });
        await Promise.all([context.backend.scale(name, 2), other.scale(name, 3)]);
        const { status } = await context.until(
          name,
          "as large as one of the two wanted",
          (job) =>
            job.status.nworkersRunning === job.status.parallelism && job.status.parallelism > 1,
        );
        assert.ok([2, 3].includes(status.parallelism), String(status.parallelism));
        for (const unit of ["worker-0", "worker-1"]) {
          await context.eventually(`${unit} has started once`, async () => {
            const lines = await context.lines({ job: name, unit });
            assert.ok(lines.length <= 1, `${unit} has started ${lines.length} times`);
            return lines.length === 1;
          });
        }
      },
    },
    {
      id: "scale/without-workers",
      rule: "Scaling a job that has no workers is refused with SPEC_INVALID.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: UNTIL_STOPPED });
        await context.fails(context.backend.scale(name, 2), "SPEC_INVALID");
      },
    },
    {
      id: "scale/out-of-range",
      rule: "A number of workers that is negative, no whole number or far too large is refused with SPEC_INVALID.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 1 } });
        for (const workers of [-1, 1.5, Number.NaN, 1e9]) {
          await context.fails(context.backend.scale(name, workers), "SPEC_INVALID");
        }
        assert.equal((await context.backend.inspect(name)).status.parallelism, 1);
      },
    },
    {
      id: "scale/finished",
      rule: "Scaling a finished job is refused with STATE_CONFLICT.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...exits(0), count: 1 } });
        await context.untilFinal(name);
        await context.fails(context.backend.scale(name, 2), "STATE_CONFLICT");
        assert.equal((await context.backend.inspect(name)).status.parallelism, 1);
      },
    },
    {
      id: "scale/unknown",
      rule: "Scaling a job that does not exist is refused with JOB_NOT_FOUND.",
      run: async (context) => {
        await context.fails(context.backend.scale(context.name("nobody"), 1), "JOB_NOT_FOUND");
      },
    },
  ],
};
