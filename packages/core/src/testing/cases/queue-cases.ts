import assert from "node:assert/strict";
import type { Job } from "../../backend/job.ts";
import { describeJob } from "../await-job.ts";
import type { CaseContext } from "../case-context.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import type { UnitProgram } from "../program-job.ts";
import { UNTIL_STOPPED, exits, lasts } from "../programs.ts";

/** The program, asking for this part of all CPU that the world has. */
function needing(context: CaseContext, part: number, program: UnitProgram): UnitProgram {
  const cpuMillis = Math.floor(context.world.capacity.cpuMillis * part);
  return { ...program, resources: { cpuMillis } };
}

/** Submits a job that fills that part of the world, and waits until it runs. */
async function occupy(context: CaseContext, name: string, part: number): Promise<void> {
  await context.submit({ name, master: needing(context, part, UNTIL_STOPPED) });
  await context.untilRunning(name);
}

async function untilQueued(context: CaseContext, name: string): Promise<void> {
  // One that has begun will not be queued: no need to wait for that.
  const job = await context.until(name, "queued", (each) => isQueued(each) || hasBegun(each));
  assert.ok(isQueued(job), `job ${name} was to be queued, but is ${describeJob(job)}`);
}

function isQueued({ status }: Job): boolean {
  return status.phase === "queued" && status.reason === "WaitingForResources";
}

function hasBegun({ status }: Job): boolean {
  return status.units.some(({ phase }) => phase === "running");
}

/** Waiting for room. */
export const QUEUE: ConformanceArea = {
  name: "queue",
  summary: "Waiting for CPU, memory or GPUs.",
  cases: [
    {
      id: "queue/waits",
      rule: "A job that does not fit now is `queued` with reason WaitingForResources, a readable message, one unit pending, and not `created`.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        await occupy(context, "first", 0.6);
        await context.submit({ name: "second", master: needing(context, 0.6, exits(0)) });
        await untilQueued(context, "second");
        const { status } = await context.backend.inspect("second");
        assert.deepEqual([status.created, status.npending], [false, 1]);
        assert.ok(status.message.length > 10, `not a sentence: ${status.message}`);
        assert.equal(status.units[0]?.phase, "pending");
      },
    },
    {
      id: "queue/released",
      rule: "A queued job starts by itself when room appears: because another job has ended, or was deleted.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        await occupy(context, "first", 0.6);
        await context.submit({ name: "second", master: needing(context, 0.6, lasts(100)) });
        await context.submit({ name: "third", master: needing(context, 0.6, exits(0)) });
        await untilQueued(context, "third");
        await context.backend.delete("first", { force: true });
        const second = await context.untilFinal("second");
        const third = await context.untilFinal("third");
        assert.deepEqual([second.status.phase, third.status.phase], ["succeeded", "succeeded"]);
      },
    },
    {
      id: "queue/order",
      rule: "Queued jobs of equal size start in the order of their submits.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        await occupy(context, "first", 0.6);
        const names = ["zebra", "monkey", "ape"];
        for (const name of names) {
          await context.submit({ name, master: needing(context, 0.6, lasts(50)) });
          // Times of submit are in milliseconds.
          await context.pause(5);
        }
        await untilQueued(context, "ape");
        await context.backend.delete("first", { force: true });
        const jobs = [];
        for (const name of names) jobs.push(await context.untilFinal(name));
        const starts = jobs.map(({ status }) => status.startedAt ?? 0);
        assert.deepEqual(
          starts,
          starts.toSorted((a, b) => a - b),
        );
      },
    },
    {
      id: "queue/small-ones-pass",
      rule: "A job that fits is not held up by a larger one that waits.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        await occupy(context, "first", 0.6);
        await context.submit({ name: "large", master: needing(context, 0.6, exits(0)) });
        await context.submit({ name: "small", master: needing(context, 0.2, exits(0)) });
        assert.equal((await context.untilFinal("small")).status.phase, "succeeded");
        await untilQueued(context, "large");
      },
    },
    {
      id: "queue/memory-counts",
      rule: "Memory is shared out as CPU is.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        const memoryBytes = Math.floor(context.world.capacity.memoryBytes * 0.6);
        const master = { ...UNTIL_STOPPED, resources: { memoryBytes } };
        await context.submit({ name: "first", master });
        await context.untilRunning("first");
        await context.submit({ name: "second", master });
        await untilQueued(context, "second");
        await context.backend.delete("first", { force: true });
        await context.untilRunning("second");
      },
    },
    {
      id: "queue/never-more-than-fits",
      rule: "What runs at the same time never asks for more than there is, also when several processes submit at once.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        const other = await context.another();
        const names = Array.from({ length: 6 }, (_, index) => `job${index}`);
        const master = needing(context, 0.4, lasts(100));
        const submits = names.map((name, index) =>
          context.submitTo(index % 2 === 0 ? context.backend : other, { name, master }),
        );
        await Promise.all(submits);
        const jobs = [];
        for (const name of names) jobs.push(await context.untilFinal(name));
        const spans = jobs.map(({ status: { startedAt = 0, finishedAt = 0 } }) => ({
          startedAt,
          finishedAt,
        }));
        for (const { startedAt } of spans) {
          const atOnce = spans.filter(
            (span) => span.startedAt <= startedAt && startedAt < span.finishedAt,
          );
          assert.ok(atOnce.length <= 2, `${atOnce.length} jobs of 40% ran at once`);
        }
      },
    },
    {
      id: "queue/takeover",
      rule: "A queued job starts although the process that submitted it has ended, as soon as another one acts.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        const submitter = await context.another();
        await occupy(context, "first", 0.6);
        const second = { name: "second", master: needing(context, 0.6, exits(0)) };
        await context.submitTo(submitter, second);
        await untilQueued(context, "second");
        await submitter.close();
        const third = await context.another();
        await context.backend.close();
        await context.soon("the deletion", third.delete("first", { force: true }));
        assert.equal((await context.untilFinal("second", third)).status.phase, "succeeded");
      },
    },
    {
      id: "queue/partial-scale",
      rule: "Workers for which there is no room wait, with the reason, while the others run; they start when room appears.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        await occupy(context, "first", 0.5);
        const workers = { ...needing(context, 0.2, UNTIL_STOPPED), count: 3 };
        await context.submit({ name: "second", workers });
        const partial = await context.until(
          "second",
          "running with two workers, one waiting",
          ({ status }) => status.nworkersRunning === 2 && status.npending === 1,
        );
        assert.equal(partial.status.phase, "running");
        const waiting = partial.status.units.find(({ phase }) => phase === "pending");
        assert.equal(waiting?.reason, "WaitingForResources");
        await context.backend.delete("first", { force: true });
        await context.untilRunning("second", 3);
      },
    },
    {
      id: "queue/minimum-together",
      rule: "A master waits until its minimum of workers fits beside it.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        await occupy(context, "first", 0.5);
        await context.submit({
          name: "second",
          master: needing(context, 0.2, UNTIL_STOPPED),
          workers: { ...needing(context, 0.2, UNTIL_STOPPED), count: 2 },
          minWorkers: 2,
        });
        await untilQueued(context, "second");
        assert.equal((await context.backend.inspect("second")).status.units[0]?.phase, "pending");
        await context.backend.delete("first", { force: true });
        await context.untilRunning("second", 2);
      },
    },
  ],
};
