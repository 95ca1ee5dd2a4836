import assert from "node:assert/strict";
import { isManagerError } from "../../errors/manager-error.ts";
import { isFinal, type JobStatus } from "../../status/job-status.ts";
import type { CaseContext } from "../case-context.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import type { ProgramJob } from "../program-job.ts";
import { diesAtEveryPoint } from "../dies-at-every-point.ts";
import { UNTIL_STOPPED, exits, printsAndWaits } from "../programs.ts";

/** Waits without acting: an instance that only asks leaves all work to the others. */
async function isSeen(
  context: CaseContext,
  name: string,
  description: string,
  condition: (status: JobStatus) => boolean,
): Promise<void> {
  await context.eventually(description, async () =>
    condition((await context.backend.inspect(name)).status),
  );
}

/** A job that says once that it is up. */
function upOnce(point: number): ProgramJob {
  return { name: `job-${point}`, master: printsAndWaits("up"), secrets: ["cookie"] };
}

function hasScale({ nworkersRunning, parallelism }: JobStatus, workers: number): boolean {
  return nworkersRunning === workers && parallelism === workers;
}

/** Faults: of processes, of containers, of the engine. */
export const RECOVERY: ConformanceArea = {
  name: "recovery",
  summary: "What happens when processes, containers or the engine fail.",
  cases: [
    {
      id: "recovery/takeover",
      rule: "A running job is known to a process that comes after the one that submitted it, which sees it to its end.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const first = await context.another();
        const gate = context.gate();
        const master = { steps: [gate.wait, { do: "exit", code: 4 }] } as const;
        const { job } = await context.submitTo(first, { name, master, volumes: gate.volumes });
        await context.untilRunning(name, 0, first);
        await first.close();
        const second = await context.another();
        await gate.open();
        const ended = await context.untilFinal(name, second);
        assert.deepEqual(
          [ended.uid, ended.status.phase, ended.status.exitCode],
          [job.uid, "failed", 4],
        );
        assert.equal(ended.status.units[0]?.attempts, 1);
      },
    },
    {
      id: "recovery/workers-after-takeover",
      rule: "What the first process had not done yet, the next one does: workers are stopped when the master has ended.",
      needs: ["sharedVolume", "touch"],
      world: {},
      run: async (context) => {
        const first = await context.another();
        const worker = { ...UNTIL_STOPPED, onStop: { print: "bye", exitCode: 0 } };
        const gate = context.gate();
        const master = { steps: [gate.wait] };
        const workers = { ...worker, count: 1 };
        await context.submitTo(first, { name: "job", master, workers, volumes: gate.volumes });
        await context.untilRunning("job", 1, first);
        await context.backend.close();
        await first.close();
        await gate.open();
        await context.pause(context.startsMs(1));
        const second = await context.another();
        const follower = context.follow({ job: "job" }, second);
        const { status } = await context.untilFinal("job", second);
        assert.deepEqual(
          [status.phase, status.nworkersSucceeded, status.nworkersRunning],
          ["succeeded", 1, 0],
        );
        await follower.end();
        assert.deepEqual(follower.lines(), ["bye"]);
      },
    },
    {
      id: "recovery/told-stays-told",
      rule: "An end that was told stays as it was told, also when nobody acted and the containers are gone before somebody does.",
      needs: ["removeUnit", "sharedVolume", "touch"],
      world: {},
      run: async (context) => {
        const first = await context.another();
        const gate = context.gate();
        const master = { steps: [gate.wait, { do: "exit", code: 4 }] } as const;
        await context.submitTo(first, { name: "job", master, volumes: gate.volumes });
        await context.untilRunning("job", 0, first);
        await context.backend.close();
        await first.close();
        await gate.open();
        // Asking is not acting, as watching and waiting are.
        const second = await context.another();
        await context.eventually("the job has ended", async () =>
          isFinal((await second.inspect("job")).status),
        );
        const told = await second.inspect("job");
        assert.equal(told.status.exitCode, 4);
        await context.control("removeUnit")(second.namespace, "job", "master");
        assert.deepEqual(await second.inspect("job"), told);
        const third = await context.another();
        assert.deepEqual(await context.untilFinal("job", third), told);
      },
    },
    {
      id: "recovery/no-unit-twice",
      rule: "However many processes act, every unit is started once.",
      world: {},
      run: async (context) => {
        const others = [await context.another(), await context.another()];
        const watchers = [context.backend, ...others].map((backend) => context.watch({}, backend));
        for (const watch of watchers) await watch.begun();
        // From the beginning, so that also what is removed at once has been seen.
        const follower = context.follow({});
        const unit = printsAndWaits("up");
        await context.submit({ name: "job", master: unit, workers: { ...unit, count: 3 } });
        const { status } = await context.untilRunning("job", 3);
        assert.deepEqual(
          status.units.map(({ attempts }) => attempts),
          [1, 1, 1, 1],
        );
        await follower.until("a line of each unit", (seen) => seen.lines().length >= 4);
        await context.backend.delete("job", { force: true });
        assert.equal(follower.lines().length, 4);
        for (const watch of watchers) await watch.stop();
      },
    },
    {
      id: "recovery/killed-in-submit",
      rule: "A process killed at any point of a submit leaves a whole job or none: the next submit of the same makes it run, once.",
      needs: ["mortalInstance", "leftovers"],
      world: {},
      run: async (context) => {
        await diesAtEveryPoint(
          context,
          async (mortal, point) => {
            const { spec, plan } = context.world.job(upOnce(point));
            await mortal.submit(spec, plan);
            await isSeen(context, spec.name, "it runs", ({ phase }) => phase === "running");
          },
          async (next, point) => {
            const { name } = upOnce(point);
            await context.submitTo(next, upOnce(point));
            const { status } = await context.untilRunning(name, 0, next);
            assert.equal(status.units[0]?.attempts, 1);
            await context.eventually(
              "its line",
              async () => (await context.lines({ job: name }, next)).length > 0,
            );
            assert.deepEqual(await context.lines({ job: name }, next), ["up"]);
            await next.delete(name, { force: true });
          },
        );
        assert.deepEqual(await context.control("leftovers")([context.backend.namespace]), []);
      },
    },
    {
      id: "recovery/killed-in-scale",
      rule: "A process killed at any point of a scale leaves the old scale or the new one, which the next process reaches.",
      needs: ["mortalInstance"],
      world: {},
      run: async (context) => {
        const first = await context.another();
        const workers = { ...printsAndWaits("up"), count: 1 };
        await context.submitTo(first, { name: "job", workers });
        await context.untilRunning("job", 1, first);
        await first.close();
        let scale = 1;
        await diesAtEveryPoint(
          context,
          async (mortal) => {
            const wanted = scale === 1 ? 2 : 1;
            await mortal.scale("job", wanted);
            await isSeen(context, "job", "it has its scale", (status) => hasScale(status, wanted));
          },
          async (next) => {
            const { status } = await context.until(
              "job",
              "as large as it should be",
              (job) => hasScale(job.status, job.status.parallelism),
              next,
            );
            assert.ok([1, 2].includes(status.parallelism), String(status.parallelism));
            assert.equal(status.units[0]?.attempts, 1);
            scale = status.parallelism;
          },
        );
        assert.deepEqual(await context.lines({ job: "job", unit: "worker-0" }), ["up"]);
      },
    },
    {
      id: "recovery/killed-in-delete",
      rule: "A process killed at any point of a delete leaves the job or nothing: the next delete finishes it.",
      needs: ["mortalInstance", "leftovers"],
      world: {},
      run: async (context) => {
        await diesAtEveryPoint(
          context,
          async (mortal, point) => {
            const first = await context.another();
            await context.submitTo(first, upOnce(point));
            await context.untilRunning(upOnce(point).name, 0, first);
            await first.close();
            await mortal.delete(upOnce(point).name, { force: true });
          },
          async (next, point) => {
            const { name } = upOnce(point);
            await next.delete(name, { force: true });
            await context.fails(next.inspect(name), "JOB_NOT_FOUND");
            assert.deepEqual(await context.control("leftovers")([next.namespace]), []);
          },
        );
      },
    },
    {
      id: "recovery/unit-killed",
      rule: "A unit that is killed from outside is started again, as after a failure of its own.",
      needs: ["killUnit"],
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: { ...UNTIL_STOPPED, maxRestarts: 3 } });
        await context.untilRunning(name);
        await context.control("killUnit")(context.backend.namespace, name, "master");
        const { status } = await context.until(
          name,
          "running in its second attempt",
          (job) =>
            job.status.phase === "running" &&
            job.status.units[0]?.phase === "running" &&
            job.status.units[0].attempts === 2,
        );
        assert.equal(status.created, true);
      },
    },
    {
      id: "recovery/unit-killed-for-good",
      rule: "A unit that is killed from outside and may not be started again has failed, with the engine's exit code.",
      needs: ["killUnit"],
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: { ...UNTIL_STOPPED, restart: "never" } });
        await context.untilRunning(name);
        const exitCodes = await context.control("killUnit")(
          context.backend.namespace,
          name,
          "master",
        );
        const { status } = await context.untilFinal(name);
        assert.equal(status.phase, "failed");
        assert.ok(exitCodes.includes(status.exitCode ?? 0), `${status.exitCode}`);
      },
    },
    {
      id: "recovery/worker-removed",
      rule: "A worker of a job with a master whose container is removed by somebody is replaced; the others are not touched.",
      needs: ["removeUnit"],
      run: async (context) => {
        const name = context.name();
        await context.submit({
          name,
          master: UNTIL_STOPPED,
          // Some engines kill before they remove, and let the kill be seen.
          workers: { ...UNTIL_STOPPED, maxRestarts: 3, count: 2 },
        });
        const before = await context.untilRunning(name, 2);
        await context.control("removeUnit")(context.backend.namespace, name, "worker-1");
        await context.until(
          name,
          "with one worker missing or replaced",
          ({ status }) =>
            status.nworkersRunning === 1 ||
            status.units[2]?.startedAt !== before.status.units[2]?.startedAt,
        );
        const { status } = await context.untilRunning(name, 2);
        assert.deepEqual(status.units.slice(0, 2), before.status.units.slice(0, 2));
      },
    },
    {
      id: "recovery/master-removed",
      rule: "A master whose container is removed by somebody before its end was seen makes its job `lost`, with reason Vanished.",
      needs: ["removeUnit"],
      run: async (context) => {
        const name = context.name();
        await context.submit({
          name,
          // Some engines kill before they remove, and let the kill be seen.
          master: { ...UNTIL_STOPPED, maxRestarts: 3 },
          workers: { ...UNTIL_STOPPED, count: 1 },
        });
        await context.untilRunning(name, 1);
        await context.control("removeUnit")(context.backend.namespace, name, "master");
        const { status } = await context.untilFinal(name);
        assert.deepEqual(
          [status.phase, status.reason, status.nworkersRunning],
          ["lost", "Vanished", 0],
        );
        assert.notEqual(status.message, "");
      },
    },
    {
      id: "recovery/unreachable",
      rule: "While the engine does not answer, calls that need it fail with BACKEND_UNREACHABLE, which may be retried, and lose nothing.",
      needs: ["disconnect", "reconnect"],
      world: {},
      run: async (context) => {
        await context.submit({ name: "job", workers: { ...UNTIL_STOPPED, count: 1 } });
        const before = await context.untilRunning("job", 1);
        await context.control("disconnect")();
        const error = await context.fails(context.backend.describe(), "BACKEND_UNREACHABLE");
        assert.equal(error.retryable, true);
        // Whoever follows the engine may know its state for a moment longer.
        await context.eventually("the loss is noticed", async () => {
          const answer = await context.backend.inspect("job").catch((thrown: unknown) => thrown);
          return isManagerError(answer, "BACKEND_UNREACHABLE");
        });
        await context.fails(context.backend.list(), "BACKEND_UNREACHABLE");
        await context.fails(
          context.submit({ name: "late", master: exits(0) }),
          "BACKEND_UNREACHABLE",
        );
        await context.control("reconnect")();
        const after = await context.untilRunning("job", 1);
        assert.deepEqual(after.status.units, before.status.units);
        await context.fails(context.backend.inspect("late"), "JOB_NOT_FOUND");
      },
    },
    {
      id: "recovery/end-while-unreachable",
      rule: "What ends while the engine cannot be reached is known afterwards, with its exit code.",
      needs: ["disconnect", "reconnect", "sharedVolume", "touch"],
      world: {},
      run: async (context) => {
        const gate = context.gate();
        const master = { steps: [gate.wait, { do: "exit", code: 6 }] } as const;
        await context.submit({ name: "job", master, volumes: gate.volumes });
        await context.untilRunning("job");
        await context.control("disconnect")();
        await gate.open();
        await context.pause(context.startsMs(1));
        await context.control("reconnect")();
        const { status } = await context.untilFinal("job");
        assert.deepEqual([status.phase, status.exitCode], ["failed", 6]);
      },
    },
    {
      id: "recovery/delete-while-unreachable",
      rule: "A delete that the engine's loss interrupts fails or waits, and is finished when the engine is back.",
      needs: ["disconnect", "reconnect", "leftovers"],
      world: {},
      run: async (context) => {
        await context.submit({ name: "job", workers: { ...UNTIL_STOPPED, count: 2 } });
        await context.untilRunning("job", 2);
        await context.control("disconnect")();
        const deletion = context.backend.delete("job", { force: true }).then(
          () => undefined,
          (error: unknown) => error,
        );
        await context.pause(200);
        await context.control("reconnect")();
        const error = await context.soon("the end of the interrupted deletion", deletion);
        assert.ok(
          error === undefined || isManagerError(error, "BACKEND_UNREACHABLE"),
          String(error),
        );
        await context.soon("the second deletion", context.backend.delete("job", { force: true }));
        assert.deepEqual(await context.control("leftovers")([context.backend.namespace]), []);
      },
    },
  ],
};
