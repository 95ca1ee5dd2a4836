import assert from "node:assert/strict";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits, prints, printsAndWaits } from "../programs.ts";

/** Claiming a name: new, again, in the place of another, by two at once. */
export const SUBMIT: ConformanceArea = {
  name: "submit",
  summary: "Claiming a name and getting a job going.",
  cases: [
    {
      id: "submit/new",
      rule: "`submit` returns the new job at once, with its spec, hash, type, namespace and a uid, and says `created`.",
      run: async (context) => {
        const name = context.name();
        const before = Date.now();
        const program = { name, master: exits(0) };
        const { job, created } = await context.submitTo(context.backend, program);
        assert.equal(created, true);
        assert.equal(job.name, name);
        assert.equal(job.namespace, context.backend.namespace);
        assert.equal(job.type, "ConformanceProgram");
        assert.deepEqual(job.spec, context.world.job(program).spec);
        assert.match(job.hash, /^[0-9a-f]{64}$/);
        assert.notEqual(job.uid, "");
        assert.ok(Math.abs(job.createdAt - before) < 60_000, "createdAt is far from now");
        assert.equal(job.status.submittedAt, job.createdAt);
        assert.equal((await context.untilFinal(name)).uid, job.uid);
      },
    },
    {
      id: "submit/same-while-running",
      rule: "The same spec again is the existing job: same uid, `created` false, and nothing is started twice.",
      run: async (context) => {
        const program = { name: context.name(), master: printsAndWaits("once") };
        const first = await context.submit(program);
        await context.untilRunning(first.name);
        await context.eventually(
          "its line",
          async () => (await context.lines({ job: first.name })).length > 0,
        );
        const { job, created } = await context.submitTo(context.backend, program);
        assert.deepEqual([created, job.uid], [false, first.uid]);
        assert.deepEqual(await context.lines({ job: first.name }), ["once"]);
      },
    },
    {
      id: "submit/same-after-end",
      rule: "A finished job submitted again unchanged is the finished job, with its outcome; it does not run again.",
      run: async (context) => {
        const program = { name: context.name(), master: prints("once") };
        const first = await context.submit(program);
        const ended = await context.untilFinal(first.name);
        const { job, created } = await context.submitTo(context.backend, program);
        assert.deepEqual([created, job.uid], [false, first.uid]);
        assert.deepEqual(job.status, ended.status);
        assert.deepEqual(await context.lines({ job: first.name }), ["once"]);
      },
    },
    {
      id: "submit/other-spec",
      rule: "Another spec under a taken name is refused with JOB_EXISTS, and the job there goes on.",
      run: async (context) => {
        const name = context.name();
        const first = await context.submit({ name, master: UNTIL_STOPPED });
        await context.untilRunning(name);
        await context.fails(context.submit({ name, master: exits(0) }), "JOB_EXISTS");
        const job = await context.backend.inspect(name);
        assert.deepEqual([job.uid, job.status.phase], [first.uid, "running"]);
        assert.deepEqual(job.spec, first.spec);
      },
    },
    {
      id: "submit/other-scale",
      rule: "Another number of workers is not another spec: the existing job is returned and keeps its scale.",
      run: async (context) => {
        const name = context.name();
        const first = await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 1 } });
        const again = { name, workers: { ...UNTIL_STOPPED, count: 2 } };
        const { job, created } = await context.submitTo(context.backend, again);
        assert.deepEqual([created, job.uid, job.status.parallelism], [false, first.uid, 1]);
      },
    },
    {
      id: "submit/replace-finished",
      rule: "With `replace` a job takes the place of a finished one: new uid, own outcome, own logs.",
      run: async (context) => {
        const name = context.name();
        const old = await context.submit({
          name,
          master: { steps: [...prints("old").steps, { do: "exit", code: 3 }] },
        });
        await context.untilFinal(name);
        const { job, created } = await context.submitTo(
          context.backend,
          { name, master: prints("new") },
          { replace: true },
        );
        assert.equal(created, true);
        assert.notEqual(job.uid, old.uid);
        const ended = await context.untilFinal(name);
        assert.deepEqual([ended.uid, ended.status.phase], [job.uid, "succeeded"]);
        assert.deepEqual(await context.lines({ job: name }), ["new"]);
      },
    },
    {
      id: "submit/replace-running",
      rule: "With `replace` a job that is not finished is refused with JOB_INCOMPLETE and goes on; with `force` too it is replaced.",
      run: async (context) => {
        const name = context.name();
        const old = await context.submit({ name, master: UNTIL_STOPPED });
        await context.untilRunning(name);
        const replacement = { name, master: prints("new") };
        await context.fails(context.submit(replacement, { replace: true }), "JOB_INCOMPLETE");
        assert.equal((await context.backend.inspect(name)).uid, old.uid);
        const job = await context.submit(replacement, { replace: true, force: true });
        assert.notEqual(job.uid, old.uid);
        assert.equal((await context.untilFinal(name)).status.phase, "succeeded");
        assert.deepEqual(await context.lines({ job: name }), ["new"]);
      },
    },
    {
      id: "submit/replace-same",
      rule: "With `replace` also the same spec runs again, as a new job.",
      run: async (context) => {
        const program = { name: context.name(), master: exits(0) };
        const old = await context.submit(program);
        await context.untilFinal(old.name);
        const { job, created } = await context.submitTo(context.backend, program, {
          replace: true,
        });
        assert.equal(created, true);
        assert.notEqual(job.uid, old.uid);
        assert.equal((await context.untilFinal(old.name)).uid, job.uid);
      },
    },
    {
      id: "submit/replace-absent",
      rule: "`replace` of a name that nobody has is an ordinary submit.",
      run: async (context) => {
        const program = { name: context.name(), master: exits(0) };
        const { created } = await context.submitTo(context.backend, program, { replace: true });
        assert.equal(created, true);
      },
    },
    {
      id: "submit/two-at-once-same",
      rule: "Of two processes that submit the same job at once one creates it, and both get it.",
      run: async (context) => {
        const program = { name: context.name(), master: prints("once") };
        const other = await context.another();
        const results = await Promise.all([
          context.submitTo(context.backend, program),
          context.submitTo(other, program),
        ]);
        assert.equal(results.filter(({ created }) => created).length, 1);
        assert.equal(results[0].job.uid, results[1].job.uid);
        await context.untilFinal(program.name);
        assert.deepEqual(await context.lines({ job: program.name }), ["once"]);
      },
    },
    {
      id: "submit/two-at-once-different",
      rule: "Of two processes that submit different jobs under one name at once one succeeds, the other gets JOB_EXISTS.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        const results = await Promise.allSettled([
          context.submitTo(context.backend, { name, master: prints("a") }),
          context.submitTo(other, { name, master: prints("b") }),
        ]);
        const winner = results.find((result) => result.status === "fulfilled");
        const loser = results.find((result) => result.status === "rejected");
        assert.ok(winner && loser, "one must win and one must lose");
        await context.fails(Promise.reject(loser.reason), "JOB_EXISTS");
        const job = await context.untilFinal(name);
        assert.equal(job.uid, winner.value.job.uid);
      },
    },
    {
      id: "submit/many-at-once",
      rule: "Submits of several processes at once lose nothing: every job runs once.",
      run: async (context) => {
        const other = await context.another();
        const names = Array.from({ length: 6 }, (_, index) => context.name(`many${index}`));
        const submits = names.map((name, index) =>
          context.submitTo(index % 2 === 0 ? context.backend : other, {
            name,
            master: prints(name),
          }),
        );
        await Promise.all(submits);
        for (const name of names) {
          assert.equal((await context.untilFinal(name)).status.phase, "succeeded");
          assert.deepEqual(await context.lines({ job: name }), [name]);
        }
      },
    },
  ],
};
