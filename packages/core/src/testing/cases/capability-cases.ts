import assert from "node:assert/strict";
import type { UnitUsage } from "../../backend/cluster-backend.ts";
import { isManagerError } from "../../errors/manager-error.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits } from "../programs.ts";

/** What measures may be away for a moment. */
function whenMeasured(error: unknown): UnitUsage[] {
  if (isManagerError(error) && error.retryable) return [];
  throw error;
}

/** What a backend says of itself, and that it says it also by its errors. */
export const CAPABILITY: ConformanceArea = {
  name: "capability",
  summary: "What a backend says of itself, and what it cannot do.",
  cases: [
    {
      id: "capability/describe",
      rule: "`describe` tells kind, version, address, namespace and nodes with their capacity.",
      run: async (context) => {
        const info = await context.backend.describe();
        for (const text of [info.kind, info.version, info.address]) assert.notEqual(text, "");
        assert.equal(info.namespace, context.backend.namespace);
        assert.ok(info.nodes.length > 0, "no nodes");
        for (const node of info.nodes) {
          assert.ok(node.capacity.cpuMillis > 0 && node.capacity.memoryBytes > 0, node.name);
        }
      },
    },
    {
      id: "capability/allocated",
      rule: "`describe` tells what running units have asked for, and that it is free again when they have ended.",
      needs: ["capacity"],
      world: { scarce: true },
      run: async (context) => {
        const allocated = async (): Promise<number> => {
          const { nodes } = await context.backend.describe();
          return nodes.reduce((sum, node) => sum + node.allocated.cpuMillis, 0);
        };
        const before = await allocated();
        const cpuMillis = Math.floor(context.world.capacity.cpuMillis / 4);
        await context.submit({
          name: "job",
          workers: { ...UNTIL_STOPPED, resources: { cpuMillis }, count: 2 },
        });
        await context.untilRunning("job", 2);
        assert.equal((await allocated()) - before, 2 * cpuMillis);
        await context.backend.delete("job", { force: true });
        await context.eventually(
          "the room is free again",
          async () => (await allocated()) === before,
        );
      },
    },
    {
      id: "capability/usage",
      rule: "`usage` tells CPU and memory of running units, or is refused with CAPABILITY_UNSUPPORTED, as `describe` says.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 2 } });
        await context.untilRunning(name, 2);
        const { capabilities } = await context.backend.describe();
        if (!capabilities.usage) {
          await context.fails(context.backend.usage([name]), "CAPABILITY_UNSUPPORTED");
          return;
        }
        const measured = async (): Promise<boolean> => {
          const usage = await context.backend.usage([name]).catch(whenMeasured);
          assert.ok(usage.every(({ job }) => job === name));
          const units = usage.map(({ unit }) => unit).toSorted();
          return (
            units.join() === "worker-0,worker-1" &&
            usage.every(({ memoryBytes }) => memoryBytes > 0)
          );
        };
        // A cluster measures at intervals of its own, and needs two measures to tell.
        await context.eventually("usage of both workers", measured, 3 * context.patienceMs);
        assert.deepEqual(await context.backend.usage([context.name("nobody")]), []);
      },
    },
    {
      id: "capability/endpoint",
      rule: "`endpoint` and `proxy` of a job without ports are refused with CAPABILITY_UNSUPPORTED, of an unknown one with JOB_NOT_FOUND.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: UNTIL_STOPPED });
        await context.fails(context.backend.endpoint(name), "CAPABILITY_UNSUPPORTED");
        await context.fails(context.backend.proxy(name), "CAPABILITY_UNSUPPORTED");
        await context.fails(context.backend.endpoint(context.name("nobody")), "JOB_NOT_FOUND");
        await context.fails(context.backend.proxy(context.name("nobody")), "JOB_NOT_FOUND");
      },
    },
    {
      id: "capability/update",
      rule: "`update` of a task is refused with CAPABILITY_UNSUPPORTED, of an unknown job with JOB_NOT_FOUND.",
      run: async (context) => {
        const program = { name: context.name(), master: UNTIL_STOPPED };
        const { spec, plan } = context.world.job(program);
        await context.fails(context.backend.update(program.name, spec, plan), "JOB_NOT_FOUND");
        await context.submit(program);
        await context.fails(
          context.backend.update(program.name, spec, plan),
          "CAPABILITY_UNSUPPORTED",
        );
      },
    },
    {
      id: "capability/credentials",
      rule: "A backend without `credentials` refuses those of a caller with CAPABILITY_UNSUPPORTED; one with them refuses wrong ones with UNAUTHENTICATED.",
      run: async (context) => {
        const { capabilities } = await context.backend.describe();
        const wrong = { type: "token", token: "not-a-token" } as const;
        const attempt = (async () => {
          const other = await context.backend.as(wrong, context.backend.namespace);
          try {
            await other.list();
          } finally {
            await other.close();
          }
        })();
        await context.fails(
          attempt,
          capabilities.credentials ? "UNAUTHENTICATED" : "CAPABILITY_UNSUPPORTED",
        );
      },
    },
    {
      id: "capability/gpus",
      rule: "A job that asks for more GPUs than there are is refused with NEVER_FITS or CAPABILITY_UNSUPPORTED.",
      run: async (context) => {
        const master = { ...exits(0), resources: { gpus: 1000 } };
        const submit = context.submit({ name: context.name(), master });
        await context.fails(submit, "NEVER_FITS", "CAPABILITY_UNSUPPORTED");
      },
    },
  ],
};
