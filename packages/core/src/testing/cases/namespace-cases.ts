import assert from "node:assert/strict";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits, prints, printsAndWaits } from "../programs.ts";

/** A namespace is a world of its own. */
export const NAMESPACE: ConformanceArea = {
  name: "namespace",
  summary: "What stays inside a namespace.",
  cases: [
    {
      id: "namespace/same-name",
      rule: "Two namespaces may each have a job of one name, with outcomes and logs of their own.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another("other");
        assert.notEqual(other.namespace, context.backend.namespace);
        const here = await context.submit({
          name,
          master: { steps: [...prints("here").steps, { do: "exit", code: 2 }] },
        });
        const { job: there, created } = await context.submitTo(other, {
          name,
          master: prints("there"),
        });
        assert.equal(created, true);
        assert.notEqual(here.uid, there.uid);
        assert.equal(there.namespace, other.namespace);
        assert.equal((await context.untilFinal(name)).status.exitCode, 2);
        assert.equal((await context.untilFinal(name, other)).status.exitCode, 0);
        assert.deepEqual(await context.lines({ job: name }), ["here"]);
        assert.deepEqual(await context.lines({ job: name }, other), ["there"]);
      },
    },
    {
      id: "namespace/invisible",
      rule: "A job of one namespace cannot be seen, read, scaled or deleted from another.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another("other");
        await context.submit({ name, workers: { ...printsAndWaits("secret"), count: 1 } });
        await context.untilRunning(name, 1);
        await context.fails(other.inspect(name), "JOB_NOT_FOUND");
        assert.deepEqual((await other.list({ name })).jobs, []);
        await context.fails(context.logs({ job: name }, other), "JOB_NOT_FOUND");
        await context.fails(other.scale(name, 2), "JOB_NOT_FOUND");
        assert.equal(await other.delete(name, { force: true }), false);
        assert.equal((await context.backend.inspect(name)).status.phase, "running");
      },
    },
    {
      id: "namespace/delete",
      rule: "Deleting a job leaves the one of the same name in another namespace alone.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another("other");
        await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 1 } });
        await context.submitTo(other, { name, workers: { ...UNTIL_STOPPED, count: 1 } });
        const before = await context.untilRunning(name, 1);
        await context.untilRunning(name, 1, other);
        await other.scale(name, 2);
        await context.untilRunning(name, 2, other);
        assert.equal(await other.delete(name, { force: true }), true);
        assert.deepEqual(await context.backend.inspect(name), before);
      },
    },
    {
      id: "namespace/logs",
      rule: "The logs of a namespace have no line of another one.",
      world: {},
      run: async (context) => {
        const other = await context.another("other");
        await context.submit({ name: "mine", master: prints("mine") });
        await context.submitTo(other, { name: "theirs", master: prints("theirs") });
        await context.untilFinal("mine");
        await context.untilFinal("theirs", other);
        assert.deepEqual(await context.lines({}), ["mine"]);
        assert.deepEqual(await context.lines({}, other), ["theirs"]);
      },
    },
    {
      id: "namespace/watch",
      rule: "A watch tells nothing of another namespace.",
      run: async (context) => {
        const other = await context.another("other");
        const [mine, theirs] = [context.name("mine"), context.name("theirs")];
        const watch = context.watch();
        await watch.begun();
        await context.submitTo(other, { name: theirs, master: exits(0) });
        await context.untilFinal(theirs, other);
        await context.submit({ name: mine, master: exits(0) });
        await watch.until("my final state", (seen) => seen.hasFinal(mine));
        assert.deepEqual(watch.statesOf(theirs), []);
        await watch.stop();
      },
    },
    {
      id: "namespace/as",
      rule: "`as` gives the same cluster in another namespace; closing it leaves the first usable, and the other way round.",
      world: {},
      run: async (context) => {
        const other = await context.another("other");
        const first = await context.another();
        const second = await first.as(undefined, other.namespace);
        assert.equal(second.namespace, other.namespace);
        await context.submitTo(second, { name: "job", master: exits(3) });
        assert.equal((await context.untilFinal("job", other)).status.exitCode, 3);
        await first.close();
        assert.equal((await second.inspect("job")).status.exitCode, 3);
        await second.close();
        await context.backend.describe();
      },
    },
  ],
};
