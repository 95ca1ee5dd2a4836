import assert from "node:assert/strict";
import { textOf } from "../follower.ts";
import type { ConformanceArea } from "../conformance-case.ts";
import { UNTIL_STOPPED, exits, lasts, print, prints } from "../programs.ts";
import { FILES_DIR, SECRETS_DIR } from "../../plan/job-environment.ts";
import { placedFile } from "../../spec/placed-files.ts";

/** How a single unit lives, ends and is started again. */
export const LIFECYCLE: ConformanceArea = {
  name: "lifecycle",
  summary: "How a unit starts, ends and is started again.",
  cases: [
    {
      id: "lifecycle/exit-0",
      rule: "A program that ends with 0 makes its job `succeeded`, with exit code, one attempt and times in order.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: { ...lasts(50), maxRestarts: 3 } });
        const { status } = await context.untilFinal(name);
        assert.deepEqual(
          [status.phase, status.reason, status.exitCode],
          ["succeeded", "Succeeded", 0],
        );
        assert.deepEqual([status.created, status.succeeded], [true, true]);
        const [unit, ...others] = status.units;
        assert.ok(unit);
        assert.deepEqual(others, []);
        assert.deepEqual(
          [unit.name, unit.role, unit.index, unit.phase, unit.exitCode, unit.attempts],
          ["master", "master", 0, "succeeded", 0, 1],
        );
        const { startedAt = 0, finishedAt = 0 } = status;
        assert.ok(status.submittedAt - 1000 <= startedAt, "started before it was submitted");
        // Some engines tell whole seconds.
        assert.ok(finishedAt - startedAt > -1 && finishedAt > 0, "ended before it started");
      },
    },
    {
      id: "lifecycle/exit-7",
      rule: "A program that ends with another code makes its job `failed`, with that very code and reason ExitCode.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: exits(7) });
        const { status } = await context.untilFinal(name);
        assert.deepEqual([status.phase, status.reason, status.exitCode], ["failed", "ExitCode", 7]);
        assert.equal(status.succeeded, false);
        assert.equal(status.units[0]?.exitCode, 7);
        assert.match(status.message, /7/);
      },
    },
    {
      id: "lifecycle/restart-limit",
      rule: "With `on-failure` a failing program is started again up to `maxRestarts` times; every start is counted and its output kept.",
      run: async (context) => {
        const name = context.name();
        const steps = [print("try"), { do: "exit", code: 3 }] as const;
        await context.submit({ name, master: { steps, maxRestarts: 2 } });
        const { status } = await context.untilFinal(name);
        assert.deepEqual([status.phase, status.reason, status.exitCode], ["failed", "ExitCode", 3]);
        assert.equal(status.units[0]?.attempts, 3);
        assert.deepEqual(await context.lines({ job: name }), ["try", "try", "try"]);
      },
    },
    {
      id: "lifecycle/restart-then-success",
      rule: "A program that succeeds after a restart makes its job `succeeded`, with two attempts.",
      run: async (context) => {
        const name = context.name();
        const steps = [{ do: "failFirst", starts: 1, code: 5 }, print("done")] as const;
        await context.submit({ name, master: { steps, maxRestarts: 2 } });
        const { status } = await context.untilFinal(name);
        assert.deepEqual(
          [status.phase, status.exitCode, status.units[0]?.attempts],
          ["succeeded", 0, 2],
        );
        assert.deepEqual(await context.lines({ job: name }), ["done"]);
      },
    },
    {
      id: "lifecycle/restarting-is-shown",
      rule: "While a failed unit waits to be started again, its job is not final, and the unit counts its attempts.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: { ...exits(4), maxRestarts: 2 } });
        const job = await context.until(
          name,
          "in its second attempt",
          ({ status }) => (status.units[0]?.attempts ?? 0) >= 2,
        );
        assert.ok(
          job.status.phase === "running" || job.status.phase === "failed",
          job.status.phase,
        );
        const { status } = await context.untilFinal(name);
        assert.equal(status.units[0]?.attempts, 3);
      },
    },
    {
      id: "lifecycle/never-restarts",
      rule: "With `never` a failing program is not started again.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: { ...exits(3), restart: "never", maxRestarts: 6 } });
        const { status } = await context.untilFinal(name);
        assert.deepEqual([status.phase, status.units[0]?.attempts], ["failed", 1]);
      },
    },
    {
      id: "lifecycle/always-restarts",
      rule: "With `always` a worker that ended well is started again, without limit.",
      run: async (context) => {
        const name = context.name();
        const workers = { ...prints("again"), restart: "always", count: 1 } as const;
        await context.submit({ name, master: UNTIL_STOPPED, workers });
        const follower = context.follow({ job: name, unit: "worker-0" });
        await follower.until("two starts", (seen) => seen.lines().length >= 2);
        const { status } = await context.backend.inspect(name);
        assert.equal(status.phase, "running");
        await follower.stop();
      },
    },
    {
      id: "lifecycle/out-of-memory",
      rule: "A program killed for its memory makes its job `failed` with reason OutOfMemory.",
      run: async (context) => {
        const name = context.name();
        const resources = { memoryBytes: 16 * 2 ** 20 };
        await context.submit({ name, master: { steps: [{ do: "exhaustMemory" }], resources } });
        const { status } = await context.untilFinal(name);
        assert.deepEqual([status.phase, status.reason], ["failed", "OutOfMemory"]);
        assert.equal(status.units[0]?.reason, "OutOfMemory");
      },
    },
    {
      id: "lifecycle/start-failure",
      rule: "A container that cannot be started makes its job `failed` with reason StartFailed and the engine's words.",
      run: async (context) => {
        const name = context.name();
        await context.submit({ name, master: { ...exits(0), missingCommand: true } });
        const { status } = await context.untilFinal(name);
        assert.deepEqual([status.phase, status.reason], ["failed", "StartFailed"]);
        assert.match(status.message, /program/);
      },
    },
    {
      id: "lifecycle/stop-reaches-program",
      rule: "A unit that is no longer wanted is asked to end: its program has time for last words, and is not waited for longer than it takes.",
      needs: ["sharedVolume"],
      run: async (context) => {
        const name = context.name();
        const worker = {
          steps: [print("up"), { do: "untilStopped" }],
          onStop: { print: "bye", exitCode: 0 },
        } as const;
        const gate = context.gate();
        await context.submit({
          name,
          master: { steps: [gate.wait] },
          workers: { ...worker, count: 1 },
          volumes: gate.volumes,
        });
        const follower = context.follow({ job: name, unit: "worker-0" });
        await follower.until("its first line", (seen) => seen.lines().includes("up"));
        await gate.open();
        const { status } = await context.untilFinal(name);
        const ended = Date.now();
        await follower.until("last words", (seen) => seen.lines().includes("bye"));
        await follower.end();
        assert.equal(status.phase, "succeeded");
        assert.ok(Date.now() - ended < 8000, "it was killed after the grace time");
      },
    },
    {
      id: "lifecycle/environment",
      rule: "A unit sees its plan's environment, and JRUN_ROLE, JRUN_UNIT and JRUN_WORKER_INDEX of its own.",
      run: async (context) => {
        const name = context.name();
        const names = ["GREETING", "JRUN_ROLE", "JRUN_UNIT", "JRUN_WORKER_INDEX"];
        const worker = {
          steps: [{ do: "printEnv", names }],
          env: { GREETING: "a 'b' $c" },
        } as const;
        await context.submit({ name, workers: { ...worker, count: 2 } });
        await context.untilFinal(name);
        assert.deepEqual(await context.lines({ job: name, unit: "worker-1" }), [
          "GREETING=a 'b' $c",
          "JRUN_ROLE=worker",
          "JRUN_UNIT=worker-1",
          "JRUN_WORKER_INDEX=1",
        ]);
      },
    },
    {
      id: "lifecycle/placed-files",
      rule: "Files of the submit are at /run/juliarun/files, byte by byte, in every unit.",
      run: async (context) => {
        const name = context.name();
        const content = Buffer.from([0x68, 0x69, 0xff, 0xfe, 0x0d, 0x21]);
        const steps = [{ do: "printFile", path: `${FILES_DIR}/data.bin` }] as const;
        const files = [placedFile("data.bin", content), placedFile("other.txt", "other")];
        await context.submit({ name, workers: { steps, count: 2 }, files });
        assert.equal((await context.untilFinal(name)).status.phase, "succeeded");
        const entries = await context.logs({ job: name });
        assert.deepEqual(
          entries.map((entry) => Buffer.from(entry.line)),
          [content, content],
        );
      },
    },
    {
      id: "lifecycle/secrets",
      rule: "Secrets are made at submit, are the same in all units at /run/juliarun/secrets, and are never shown.",
      run: async (context) => {
        const name = context.name();
        const steps = [{ do: "printFile", path: `${SECRETS_DIR}/cookie` }] as const;
        const job = await context.submit({
          name,
          workers: { steps, count: 2 },
          secrets: ["cookie"],
        });
        const ended = await context.untilFinal(name);
        const [first, second] = (await context.logs({ job: name })).map((entry) => textOf(entry));
        assert.match(first ?? "", /^[ -~]{8,16}$/);
        assert.equal(first, second);
        const shown = JSON.stringify([job, ended, await context.backend.list({ name })]);
        assert.ok(!shown.includes(first ?? ""), "the secret can be read from the job");
      },
    },
  ],
};
