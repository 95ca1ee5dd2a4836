import assert from "node:assert/strict";
import type { CaseContext } from "../case-context.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import type { ProgramJob } from "../program-job.ts";
import { UNTIL_STOPPED, exits } from "../programs.ts";
import type { ErrorCode } from "../../errors/error-table.ts";

/** Refused at submit, and nothing is left of it: the name is free for a better job. */
async function isRefused(
  context: CaseContext,
  job: ProgramJob,
  ...codes: ErrorCode[]
): Promise<void> {
  await context.fails(context.submit(job), ...codes);
  await context.fails(context.backend.inspect(job.name), "JOB_NOT_FOUND");
  const { created } = await context.submitTo(context.backend, { name: job.name, master: exits(0) });
  assert.equal(created, true);
}

/** What can be refused is refused before the name is claimed. */
export const REFUSAL: ConformanceArea = {
  name: "refusal",
  summary: "What is refused at submit, leaving nothing behind.",
  cases: [
    {
      id: "refusal/never-fits",
      rule: "A unit that is larger than the largest node is refused with NEVER_FITS.",
      run: async (context) => {
        const { nodes } = await context.backend.describe();
        const largest = Math.max(...nodes.map(({ capacity }) => capacity.cpuMillis));
        const master = { ...exits(0), resources: { cpuMillis: largest + 1000 } };
        await isRefused(context, { name: context.name("cpu"), master }, "NEVER_FITS");
        const memory = Math.max(...nodes.map(({ capacity }) => capacity.memoryBytes));
        const workers = { ...exits(0), count: 1, resources: { memoryBytes: memory + 2 ** 30 } };
        await isRefused(context, { name: context.name("memory"), workers }, "NEVER_FITS");
      },
    },
    {
      id: "refusal/never-fits-together",
      rule: "A master and a minimum of workers that could never run together are refused with NEVER_FITS.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        const resources = { cpuMillis: Math.ceil(context.world.capacity.cpuMillis * 0.4) };
        const job = {
          name: context.name(),
          master: { ...exits(0), resources },
          workers: { ...UNTIL_STOPPED, count: 2, resources },
          minWorkers: 2,
        };
        await isRefused(context, job, "NEVER_FITS");
      },
    },
    {
      id: "refusal/missing-image",
      rule: "A job whose image does not exist is refused with IMAGE_NOT_FOUND.",
      run: async (context) => {
        const job = { name: context.name(), master: exits(0), missingImage: true };
        await isRefused(context, job, "IMAGE_NOT_FOUND");
      },
    },
    {
      id: "refusal/missing-image-is-named",
      rule: "That an image does not exist is always told: at submit, or as the reason why the job waits or failed.",
      run: async (context) => {
        const name = context.name();
        const submitted = await context.submit({ name, master: exits(0), missingImage: true }).then(
          () => true,
          async (error: unknown) => {
            await context.fails(Promise.reject(error), "IMAGE_NOT_FOUND");
            return false;
          },
        );
        if (!submitted) return;
        await context.until(
          name,
          "known to lack its image",
          ({ status }) => status.reason === "ImageNotFound",
        );
      },
    },
    {
      id: "refusal/missing-volume",
      rule: "A job whose volume does not exist is refused with VOLUME_NOT_FOUND.",
      needs: ["missingVolume"],
      run: async (context) => {
        const { missing } = context.world.volumes;
        assert.ok(missing);
        const job = { name: context.name(), master: exits(0), volumes: { data: missing } };
        await isRefused(context, job, "VOLUME_NOT_FOUND");
      },
    },
    {
      id: "refusal/unsupported-volume",
      rule: "A job with a volume of a kind that this backend does not have is refused with CAPABILITY_UNSUPPORTED.",
      needs: ["unsupportedVolume"],
      run: async (context) => {
        const { unsupported } = context.world.volumes;
        assert.ok(unsupported);
        const job = { name: context.name(), master: exits(0), volumes: { data: unsupported } };
        await isRefused(context, job, "CAPABILITY_UNSUPPORTED");
      },
    },
    {
      id: "refusal/unknown-dependency",
      rule: "A job that is to run after one that does not exist is refused with SPEC_INVALID.",
      run: async (context) => {
        const job = { name: context.name(), master: exits(0), after: [context.name("nobody")] };
        await isRefused(context, job, "SPEC_INVALID");
      },
    },
    {
      id: "refusal/circle",
      rule: "A job that would wait for others that wait for it, as when it replaces a job, is refused with SPEC_INVALID.",
      run: async (context) => {
        const [first, second, third] = ["first", "second", "third"].map((stem) =>
          context.name(stem),
        ) as [string, string, string];
        const old = await context.submit({ name: first, master: UNTIL_STOPPED });
        await context.submit({ name: second, master: exits(0), after: [first] });
        await context.submit({ name: third, master: exits(0), after: [second] });
        const circular = { name: first, master: UNTIL_STOPPED, after: [third] };
        const replace = { replace: true, force: true };
        await context.fails(context.submit(circular, replace), "SPEC_INVALID");
        const itself = { name: first, master: UNTIL_STOPPED, after: [first] };
        await context.fails(context.submit(itself, replace), "SPEC_INVALID");
        assert.equal((await context.backend.inspect(first)).uid, old.uid);
      },
    },
    {
      id: "refusal/replace-keeps-the-old",
      rule: "When a job that was to replace another is refused, the old one is still there.",
      run: async (context) => {
        const name = context.name();
        const old = await context.submit({ name, master: exits(0) });
        await context.untilFinal(name);
        const { nodes } = await context.backend.describe();
        const cpuMillis = Math.max(...nodes.map(({ capacity }) => capacity.cpuMillis)) + 1000;
        const larger = { name, master: { ...exits(0), resources: { cpuMillis } } };
        await context.fails(context.submit(larger, { replace: true }), "NEVER_FITS");
        assert.equal((await context.backend.inspect(name)).uid, old.uid);
      },
    },
    {
      id: "refusal/leaves-nothing",
      rule: "A refused submit leaves no object in the engine and no record.",
      needs: ["leftovers", "missingVolume"],
      world: {},
      run: async (context) => {
        const { nodes } = await context.backend.describe();
        const cpuMillis = Math.max(...nodes.map(({ capacity }) => capacity.cpuMillis)) + 1000;
        const { missing } = context.world.volumes;
        assert.ok(missing);
        const refused: ProgramJob[] = [
          { name: "large", master: { ...exits(0), resources: { cpuMillis } }, secrets: ["cookie"] },
          { name: "volume", master: exits(0), volumes: { data: missing } },
          { name: "after", master: exits(0), after: ["nobody"] },
        ];
        for (const job of refused) {
          await context.fails(
            context.submit(job),
            "NEVER_FITS",
            "VOLUME_NOT_FOUND",
            "SPEC_INVALID",
          );
        }
        assert.deepEqual(await context.control("leftovers")([context.backend.namespace]), []);
        assert.deepEqual((await context.backend.list()).jobs, []);
      },
    },
  ],
};
