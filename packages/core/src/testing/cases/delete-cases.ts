import assert from "node:assert/strict";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits, prints, printsAndWaits } from "../programs.ts";
import { placedFile } from "../../spec/placed-files.ts";

/** The end of a job's name. */
export const DELETE: ConformanceArea = {
  name: "delete",
  summary: "Removing a job and everything of it.",
  cases: [
    {
      id: "delete/finished",
      rule: "`delete` of a finished job returns true, and the job is gone: from `inspect`, `list` and `logs`.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: prints("hello") });
        await context.untilFinal(name);
        assert.equal(await context.backend.delete(name), true);
        await context.fails(context.backend.inspect(name), "JOB_NOT_FOUND");
        assert.deepEqual((await context.backend.list({ name })).jobs, []);
        await context.fails(context.logs({ job: name }), "JOB_NOT_FOUND");
      },
    },
    {
      id: "delete/running",
      rule: "`delete` of a job that is not finished is refused with JOB_INCOMPLETE, and the job goes on.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: UNTIL_STOPPED });
        await context.fails(context.backend.delete(name), "JOB_INCOMPLETE");
        const { status } = await context.untilRunning(name);
        assert.equal(status.units[0]?.attempts, 1);
        await context.fails(context.backend.delete(name), "JOB_INCOMPLETE");
        assert.equal((await context.backend.inspect(name)).status.phase, "running");
      },
    },
    {
      id: "delete/forced",
      rule: "With `force` a running job is deleted, master and workers, without waiting longer than its programs take.",
      run: async (context) => {
        const name = context.name();
        await context.submit({
          name,
          master: UNTIL_STOPPED,
          workers: { ...UNTIL_STOPPED, count: 2 },
        });
        await context.untilRunning(name, 2);
        const begun = Date.now();
        assert.equal(await context.backend.delete(name, { force: true }), true);
        assert.ok(Date.now() - begun < 8000, "it was killed after the grace time");
        await context.fails(context.backend.inspect(name), "JOB_NOT_FOUND");
      },
    },
    {
      id: "delete/forced-at-once",
      rule: "With `force` a job can be deleted right after its submit, whatever it has started by then.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 2 } });
        assert.equal(await context.backend.delete(name, { force: true }), true);
        await context.fails(context.backend.inspect(name), "JOB_NOT_FOUND");
      },
    },
    {
      id: "delete/twice",
      rule: "`delete` of a job that was deleted returns false; it is no error.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: exits(0) });
        await context.untilFinal(name);
        assert.equal(await context.backend.delete(name), true);
        assert.equal(await context.backend.delete(name), false);
      },
    },
    {
      id: "delete/unknown",
      rule: "`delete` of a job that never was returns false.",
      run: async (context) => {
        assert.equal(await context.backend.delete(context.name("nobody")), false);
        assert.equal(await context.backend.delete(context.name("nobody"), { force: true }), false);
      },
    },
    {
      id: "delete/two-at-once",
      rule: "Two processes may delete one job at once: both return without an error, and it is gone.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 2 } });
        await context.untilRunning(name, 2);
        await Promise.all([
          context.backend.delete(name, { force: true }),
          other.delete(name, { force: true }),
        ]);
        await context.fails(context.backend.inspect(name), "JOB_NOT_FOUND");
        await context.fails(other.inspect(name), "JOB_NOT_FOUND");
      },
    },
    {
      id: "delete/by-another-process",
      rule: "A job may be deleted by another process than the one that submitted it, which sees that too.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: UNTIL_STOPPED });
        await context.untilRunning(name);
        const other = await context.another();
        assert.equal(await context.soon("the deletion", other.delete(name, { force: true })), true);
        // A process that follows the engine hears of it a moment later.
        await context.eventually("the job is gone for its submitter", async () => {
          const { jobs } = await context.backend.list({ name });
          return jobs.length === 0;
        });
        await context.fails(context.backend.inspect(name), "JOB_NOT_FOUND");
      },
    },
    {
      id: "delete/name-is-free",
      rule: "When `delete` returns, the name is free at once, for another job with logs of its own, again and again.",
      run: async (context) => {
        const name = context.name();
        const uids = new Set<string>();
        for (const text of ["first", "second", "third"]) {
          const { job, created } = await context.submitTo(context.backend, {
            name,
            master: printsAndWaits(text),
          });
          assert.equal(created, true);
          uids.add(job.uid);
          const follower = context.follow({ job: name });
          await follower.until("its line", (seen) => seen.lines().length > 0);
          assert.deepEqual(follower.lines(), [text]);
          await context.backend.delete(name, { force: true });
        }
        assert.equal(uids.size, 3);
      },
    },
    {
      id: "delete/same-again",
      rule: "After `delete` the same spec is a new job and runs again.",
      run: async (context) => {
        const program = { name: context.name(), master: exits(0) };
        const first = await context.submit(program);
        await context.untilFinal(first.name);
        await context.backend.delete(first.name);
        const { job, created } = await context.submitTo(context.backend, program);
        assert.equal(created, true);
        assert.notEqual(job.uid, first.uid);
        assert.equal((await context.untilFinal(first.name)).uid, job.uid);
      },
    },
    {
      id: "delete/being-deleted",
      rule: "While a job is being deleted it is shown as `deleting`, and to submit or scale it is refused with JOB_BEING_DELETED.",
      run: async (context) => {
        const name = context.name();
        const workers = { ...UNTIL_STOPPED, onStop: { afterMs: 2500, exitCode: 0 }, count: 1 };
        await context.submit({ name, workers });
        await context.untilRunning(name, 1);
        const other = await context.another();
        const deletion = other.delete(name, { force: true });
        deletion.catch(() => undefined);
        await context.until(
          name,
          "deleting",
          ({ status }) => status.phase === "deleting" && status.reason === "BeingDeleted",
        );
        await context.fails(context.submit({ name, workers }), "JOB_BEING_DELETED");
        await context.fails(context.backend.scale(name, 2), "JOB_BEING_DELETED");
        assert.equal(await context.soon("the deletion", deletion), true);
        await context.fails(context.backend.inspect(name), "JOB_NOT_FOUND");
      },
    },
    {
      id: "delete/leaves-nothing",
      rule: "No object in the engine and no record is left of a deleted job.",
      needs: ["leftovers"],
      world: {},
      run: async (context) => {
        const files = [placedFile("data.txt", "data")];
        const { present } = context.world.volumes;
        await context.submit({
          name: "large",
          master: UNTIL_STOPPED,
          workers: { ...exits(3), maxRestarts: 1, count: 2 },
          files,
          secrets: ["cookie"],
          volumes: { data: present },
        });
        await context.until(
          "large",
          "with failed workers",
          ({ status }) => status.units[2]?.phase === "failed",
        );
        await context.submit({ name: "idle", workers: { ...exits(0), count: 0 } });
        await context.submit({ name: "done", master: exits(0), files });
        await context.untilFinal("done");
        for (const name of ["large", "idle", "done"])
          await context.backend.delete(name, { force: true });
        assert.deepEqual(await context.control("leftovers")([context.backend.namespace]), []);
      },
    },
  ],
};
