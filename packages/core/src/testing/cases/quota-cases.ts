import assert from "node:assert/strict";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED } from "../programs.ts";

/** What the unfinished jobs of a namespace may be and ask for together. */
export const QUOTA: ConformanceArea = {
  name: "quota",
  summary: "What the unfinished jobs of a namespace may be and ask for together.",
  cases: [
    {
      id: "quota/two-at-once",
      rule: "Of jobs that several processes submit at once, no more are accepted than the quota allows; the others get QUOTA_EXCEEDED and leave nothing.",
      world: { quota: { jobs: 2 } },
      run: async (context) => {
        const others = [await context.another(), await context.another()];
        const results = await Promise.allSettled(
          [context.backend, ...others, ...others].map(async (backend, index) =>
            context.submitTo(backend, { name: `job-${index}`, master: UNTIL_STOPPED }),
          ),
        );
        const refused = results.filter((result) => result.status === "rejected");
        assert.equal(refused.length, 3);
        for (const { reason } of refused)
          await context.fails(Promise.reject(reason), "QUOTA_EXCEEDED");
        const { jobs } = await context.backend.list();
        assert.equal(jobs.length, 2);
        const [first] = jobs;
        assert.ok(first);
        await context.backend.delete(first.name, { force: true });
        const { created } = await context.submitTo(context.backend, {
          name: "next",
          master: UNTIL_STOPPED,
        });
        assert.equal(created, true);
      },
    },
    {
      id: "quota/scale",
      rule: "A job is not scaled to more than the quota allows: QUOTA_EXCEEDED, and the scale stays; fewer workers are never too many.",
      world: { quota: { cpuMillis: 30 } },
      run: async (context) => {
        const [name, other] = ["job", "other"];
        await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 1 } });
        await context.fails(context.backend.scale(name, 4), "QUOTA_EXCEEDED");
        assert.equal((await context.backend.inspect(name)).status.parallelism, 1);
        await context.backend.scale(name, 3);
        const job = { name: other, master: UNTIL_STOPPED };
        await context.fails(context.submit(job), "QUOTA_EXCEEDED");
        await context.backend.scale(name, 2);
        await context.submit(job);
      },
    },
    {
      id: "quota/other-namespaces",
      rule: "A quota is a namespace's own: others do not count, and are not bound by it.",
      world: { quota: { jobs: 1 } },
      run: async (context) => {
        const other = await context.another("other");
        for (const name of ["one", "two"])
          await context.submitTo(other, { name, master: UNTIL_STOPPED });
        await context.submit({ name: "one", master: UNTIL_STOPPED });
        await context.fails(
          context.submit({ name: "two", master: UNTIL_STOPPED }),
          "QUOTA_EXCEEDED",
        );
      },
    },
  ],
};
