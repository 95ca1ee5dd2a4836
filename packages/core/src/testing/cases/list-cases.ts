import assert from "node:assert/strict";
import type { Job } from "../../backend/job.ts";
import type { JobFilter } from "../../backend/cluster-backend.ts";
import type { CaseContext } from "../case-context.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits, prints } from "../programs.ts";

/** Submits jobs without units, which cost nothing, one after the other. */
async function submitIdle(context: CaseContext, names: readonly string[]): Promise<void> {
  for (const name of names) await context.submit({ name, workers: { ...exits(0), count: 0 } });
}

/** All pages of a list. */
async function allPages(
  context: CaseContext,
  limit: number | undefined,
  filter?: JobFilter,
): Promise<Job[][]> {
  const pages: Job[][] = [];
  let next: string | undefined;
  do {
    const request = {
      ...(limit === undefined ? {} : { limit }),
      ...(next === undefined ? {} : { continue: next }),
    };
    const page = await context.backend.list(filter, request);
    pages.push([...page.jobs]);
    next = page.next;
    assert.ok(pages.length < 1000, "the list has no end");
  } while (next !== undefined);
  return pages;
}

const namesOf = (jobs: readonly Job[]): string[] => jobs.map(({ name }) => name);

/** Many jobs at once. */
export const LIST: ConformanceArea = {
  name: "list",
  summary: "All jobs, in pages and by filters.",
  cases: [
    {
      id: "list/empty",
      rule: "A namespace without jobs has an empty list of one page.",
      world: {},
      run: async (context) => {
        const page = await context.backend.list();
        assert.deepEqual([page.jobs, page.next], [[], undefined]);
      },
    },
    {
      id: "list/pages",
      rule: "A list in pages has every job once, by time of submit, at most `limit` on a page, and no `next` on the last.",
      world: {},
      run: async (context) => {
        const names = ["g", "a", "f", "b", "e", "c", "d"].map((letter) => `job-${letter}`);
        await submitIdle(context, names);
        const pages = await allPages(context, 3);
        assert.deepEqual(
          pages.map((page) => page.length),
          [3, 3, 1],
        );
        const listed = pages.flat();
        assert.deepEqual(namesOf(listed).toSorted(), names.toSorted());
        const times = listed.map(({ createdAt }) => createdAt);
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        );
      },
    },
    {
      id: "list/many",
      rule: "Without a limit every job can still be reached, however many there are.",
      world: {},
      run: async (context) => {
        const names = Array.from({ length: 60 }, (_, index) => `job-${index}`);
        await submitIdle(context, names);
        const listed = (await allPages(context, undefined)).flat();
        assert.deepEqual(namesOf(listed).toSorted(), names.toSorted());
      },
    },
    {
      id: "list/changes-between-pages",
      rule: "Jobs that come and go between two pages neither double nor hide others.",
      world: {},
      run: async (context) => {
        const names = Array.from({ length: 6 }, (_, index) => `job-${index}`);
        await submitIdle(context, names);
        const first = await context.backend.list({}, { limit: 3 });
        assert.ok(first.next !== undefined);
        const gone = first.jobs.at(-1)?.name ?? "";
        await context.backend.delete(gone, { force: true });
        await submitIdle(context, ["late"]);
        const second = await context.backend.list({}, { continue: first.next });
        const listed = namesOf([...first.jobs, ...second.jobs]).filter((name) => name !== "late");
        assert.deepEqual(listed.toSorted(), names);
      },
    },
    {
      id: "list/filters",
      rule: "`list` finds jobs by name, type, phase and labels; all filters given must hold.",
      world: {},
      run: async (context) => {
        const labels = { team: "a", stage: "test" };
        await context.submit({ name: "good", master: exits(0), labels });
        await context.submit({ name: "bad", master: exits(1), labels: { team: "a" } });
        await context.submit({
          name: "waiting",
          type: "Other",
          workers: { ...exits(0), count: 0 },
        });
        await context.untilFinal("good");
        await context.untilFinal("bad");
        const found = async (filter: JobFilter): Promise<string[]> =>
          namesOf((await context.backend.list(filter)).jobs).toSorted();
        assert.deepEqual(await found({}), ["bad", "good", "waiting"]);
        assert.deepEqual(await found({ name: "bad" }), ["bad"]);
        assert.deepEqual(await found({ type: "Other" }), ["waiting"]);
        assert.deepEqual(await found({ phases: ["failed", "idle"] }), ["bad", "waiting"]);
        assert.deepEqual(await found({ labels: { team: "a" } }), ["bad", "good"]);
        assert.deepEqual(await found({ labels }), ["good"]);
        assert.deepEqual(await found({ labels: { team: "b" } }), []);
        assert.deepEqual(await found({ labels: { team: "a" }, phases: ["succeeded"] }), ["good"]);
        const pages = await allPages(context, 1, { labels: { team: "a" } });
        assert.deepEqual(namesOf(pages.flat()).toSorted(), ["bad", "good"]);
      },
    },
    {
      id: "list/specs",
      rule: "Listed jobs carry the spec that was submitted, unchanged, and its hash.",
      run: async (context) => {
        const program = {
          name: context.name(),
          master: prints("ü 'quoted' \"double\" \\n 日本"),
          labels: { a: "b" },
        };
        const submitted = await context.submit(program);
        const { jobs } = await context.backend.list({ name: program.name });
        assert.deepEqual(jobs[0]?.spec, context.world.job(program).spec);
        assert.equal(jobs[0]?.hash, submitted.hash);
      },
    },
    {
      id: "list/agrees-with-inspect",
      rule: "`list` and `inspect` tell the same of a job.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...exits(2), count: 2 } });
        const inspected = await context.untilFinal(name);
        const { jobs } = await context.backend.list({ name });
        assert.deepEqual(jobs, [inspected]);
      },
    },
    {
      id: "list/outlives-containers",
      rule: "A final state stays as it is when the job's containers are removed by somebody.",
      needs: ["removeUnit"],
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...exits(4), count: 2 } });
        const before = await context.untilFinal(name);
        const remove = context.control("removeUnit");
        for (const unit of ["worker-0", "worker-1"])
          await remove(context.backend.namespace, name, unit);
        assert.deepEqual(await context.backend.inspect(name), before);
        const other = await context.another();
        assert.deepEqual((await other.list({ name })).jobs, [before]);
      },
    },
    {
      id: "list/other-process",
      rule: "Every process sees the same jobs.",
      run: async (context) => {
        const name = context.name();
        const other = await context.another();
        await context.submit({ name, master: UNTIL_STOPPED });
        const running = await context.untilRunning(name, 0, other);
        await context.untilRunning(name);
        assert.deepEqual(await context.backend.inspect(name), running);
      },
    },
    {
      id: "list/unknown-continue",
      rule: "A `continue` that no page gave is refused with SPEC_INVALID.",
      run: async (context) => {
        await context.fails(context.backend.list({}, { continue: "%%%" }), "SPEC_INVALID");
      },
    },
    {
      id: "list/unknown-job",
      rule: "`inspect` of a job that does not exist is refused with JOB_NOT_FOUND, and the message has its name.",
      run: async (context) => {
        const name = context.name("nobody");
        const error = await context.fails(context.backend.inspect(name), "JOB_NOT_FOUND");
        assert.match(error.message, new RegExp(name));
      },
    },
  ],
};
