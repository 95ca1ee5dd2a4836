import assert from "node:assert/strict";
import type { ConformanceArea, ConformanceCase } from "../conformance-case.ts";
import type { CaseContext } from "../case-context.ts";
import { UNTIL_STOPPED, exits } from "../programs.ts";

type Call = (context: CaseContext, name: string, signal: AbortSignal) => Promise<unknown>;

const CALLS: Readonly<Record<string, Call>> = {
  describe: async ({ backend }, _name, signal) => backend.describe(signal),
  inspect: async ({ backend }, name, signal) => backend.inspect(name, signal),
  list: async ({ backend }, _name, signal) => backend.list({}, {}, signal),
  scale: async ({ backend }, name, signal) => backend.scale(name, 2, signal),
  delete: async ({ backend }, name, signal) => backend.delete(name, { force: true }, signal),
  usage: async ({ backend }, name, signal) => backend.usage([name], signal),
};

function abortedCall([call, make]: [string, Call]): ConformanceCase {
  return {
    id: `abort/${call}`,
    rule: `\`${call}\` with a signal that has aborted ends with CANCELLED and does nothing.`,
    run: async (context) => {
      const name = context.name();
      await context.submit({ name, workers: { ...UNTIL_STOPPED, count: 1 } });
      await context.untilRunning(name, 1);
      await context.fails(make(context, name, AbortSignal.abort()), "CANCELLED");
      assert.equal((await context.untilRunning(name, 1)).status.parallelism, 1);
    },
  };
}

/** Callers that change their mind. */
export const ABORT: ConformanceArea = {
  name: "abort",
  summary: "Callers that change their mind.",
  cases: [
    ...Object.entries(CALLS).map((call) => abortedCall(call)),
    {
      id: "abort/submit",
      rule: "`submit` with a signal that has aborted ends with CANCELLED, and the name is not taken.",
      run: async (context) => {
        const program = { name: context.name(), master: exits(0) };
        await context.fails(context.submit(program, { signal: AbortSignal.abort() }), "CANCELLED");
        await context.fails(context.backend.inspect(program.name), "JOB_NOT_FOUND");
      },
    },
    {
      id: "abort/delete-under-way",
      rule: "A `delete` that waits for a slow program ends with CANCELLED when its signal aborts; the deletion goes on.",
      run: async (context) => {
        const name = context.name();
        const workers = { ...UNTIL_STOPPED, onStop: { afterMs: 2000, exitCode: 0 }, count: 1 };
        await context.submit({ name, workers });
        await context.untilRunning(name, 1);
        const abort = new AbortController();
        const begun = Date.now();
        const deletion = context.backend.delete(name, { force: true }, abort.signal);
        deletion.catch(() => undefined);
        await context.until(name, "deleting", ({ status }) => status.phase === "deleting");
        abort.abort();
        await context.fails(deletion, "CANCELLED");
        assert.ok(Date.now() - begun < 2000, "it waited for the program all the same");
        await context.soon("the deletion", context.backend.delete(name, { force: true }));
        await context.fails(context.backend.inspect(name), "JOB_NOT_FOUND");
      },
    },
  ],
};
