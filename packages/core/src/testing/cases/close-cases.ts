import assert from "node:assert/strict";
import type { ConformanceArea } from "../conformance-case.ts";
import { prints, printsAndWaits } from "../programs.ts";

/** The end of a process's use of a cluster. */
export const CLOSE: ConformanceArea = {
  name: "close",
  summary: "The end of a process's use of a cluster.",
  cases: [
    {
      id: "close/twice",
      rule: "`close` may be called twice.",
      run: async (context) => {
        const other = await context.another();
        await other.describe();
        await other.close();
        await other.close();
      },
    },
    {
      id: "close/jobs-go-on",
      rule: "`close` leaves jobs as they are.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        await context.submitTo(other, { name, workers: { ...printsAndWaits("up"), count: 2 } });
        const before = await context.untilRunning(name, 2, other);
        await other.close();
        assert.deepEqual((await context.untilRunning(name, 2)).status.units, before.status.units);
      },
    },
    {
      id: "close/right-after-submit",
      rule: "`close` right after a submit loses nothing: the job runs as soon as somebody acts.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        await context.submitTo(other, { name, master: prints("once") });
        await other.close();
        assert.equal((await context.untilFinal(name)).status.phase, "succeeded");
        assert.deepEqual(await context.lines({ job: name }), ["once"]);
      },
    },
    {
      id: "close/open-streams",
      rule: "`close` ends watches and followed logs that are still open, without an error.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        await context.submitTo(other, { name, master: printsAndWaits("up") });
        const watch = context.watch({ name }, other);
        const follower = context.follow({ job: name }, other);
        await watch.begun();
        await follower.until("its line", (seen) => seen.lines().length === 1);
        await context.soon("the closing", other.close());
        await watch.end();
        await follower.end();
      },
    },
  ],
};
