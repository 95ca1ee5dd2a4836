import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { NoAccounting } from "../accounting/no-accounting.ts";
import type { Accounting, MetricPoint } from "../accounting/accounting.ts";
import { juliaBatch, juliaParBatch, juliaParBatchWorkers } from "../job-types/constructors.ts";
import type { JobRequest } from "../job-types/job-request.ts";
import { JobTypeRegistry } from "../job-types/job-type-registry.ts";
import { createMemoryBackend } from "../memory/memory-backend.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import { programArgument, type Program } from "../memory/program.ts";
import { placedFile } from "../spec/placed-files.ts";
import { Context } from "./context.ts";

const plans = {
  images: { julia: { image: "julia:1", executable: "julia" } },
  volumes: { juliarun: { kind: "hostpath", path: "/data", readOnly: false } },
  packages: [],
} as const;

const parameters = {
  startScript: "main.jl",
  runVolume: "juliarun",
  restart: "never",
  files: [placedFile("main.jl", "")],
} as const;

const job = (name: string, steps: Program["steps"] = []): JobRequest =>
  juliaBatch({
    name,
    ...parameters,
    files: [...parameters.files],
    args: [programArgument({ steps })],
  });

const text = (line: Uint8Array): string => Buffer.from(line).toString();

const workers = (name: string, nworkers: number, steps: Program["steps"] = [forever]): JobRequest =>
  juliaParBatchWorkers({
    name,
    ...parameters,
    files: [...parameters.files],
    nworkers,
    args: [programArgument({ steps })],
  });

const forever = { do: "untilStopped" } as const;

describe("Context", () => {
  let world: MemoryWorld;
  let ctx: Context;

  const open = (accounting: Accounting = new NoAccounting()): Context =>
    new Context({
      backend: createMemoryBackend({ world }),
      jobTypes: new JobTypeRegistry(),
      plans,
      accounting,
    });

  beforeEach(() => {
    world = new MemoryWorld();
    ctx = open();
  });

  afterEach(async () => {
    await ctx.close();
    world.end();
  });

  describe("status", () => {
    it("tells whether the cluster is up, and its nodes when asked", async () => {
      expect(await ctx.status()).toBe(true);
      const status = await ctx.status({ verbose: true });
      expect(status.up && status.cluster.nodes).toHaveLength(1);
    });

    it("is false, with the reason, when the cluster does not answer", async () => {
      world.disconnect();
      expect(await ctx.status()).toBe(false);
      expect(await ctx.status({ verbose: true })).toMatchObject({
        up: false,
        error: { code: "BACKEND_UNREACHABLE" },
      });
    });

    it("is a job's by name, request or job", async () => {
      const request = job("hello");
      const submitted = await ctx.submit(request);
      for (const ref of ["hello", request, submitted.job])
        expect(await ctx.status(ref)).toMatchObject({ parallelism: 0 });
      await expect(ctx.status("nobody")).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
    });
  });

  describe("submit", () => {
    it("runs a job to its end", async () => {
      expect(await ctx.submit(job("hello"))).toMatchObject({
        created: true,
        job: { name: "hello", type: "JuliaBatch" },
      });
      expect(await ctx.wait("hello")).toMatchObject({ succeeded: true, phase: "succeeded" });
    });

    it("finds the same job again, also finished, until told to replace it", async () => {
      const first = await ctx.submit(job("hello"));
      await ctx.wait("hello");
      expect(await ctx.submit(job("hello"))).toMatchObject({
        created: false,
        job: { uid: first.job.uid },
      });
      const second = await ctx.submit(job("hello"), { replace: true });
      expect(second.created).toBe(true);
      expect(second.job.uid).not.toBe(first.job.uid);
    });

    it("refuses unknown types and parameters with the nearest name", async () => {
      const request = job("hello");
      await expect(ctx.submit({ ...request, type: "JuliaBach" })).rejects.toThrow(
        "did you mean JuliaBatch",
      );
      const typo = { ...request, parameters: { ...request.parameters, run_volum: "x" } };
      await expect(ctx.submit(typo)).rejects.toThrow("did you mean run_volume");
    });

    it("plans without submitting", async () => {
      expect(ctx.plan(job("hello"))).toMatchObject({
        spec: { name: "hello" },
        plan: { completion: "master" },
      });
      expect(await ctx.list()).toEqual([]);
    });
  });

  describe("list", () => {
    it("goes through all pages and filters", async () => {
      for (const name of ["a", "b", "c"]) await ctx.submit(job(name));
      expect((await ctx.list()).map(({ name }) => name)).toEqual(["a", "b", "c"]);
      expect(await ctx.list({ name: "b" })).toHaveLength(1);
      const page = await ctx.listPage({}, { limit: 2 });
      expect(page.jobs).toHaveLength(2);
      expect(page.next).toBeDefined();
    });
  });

  describe("wait", () => {
    it("returns a failed job's status", async () => {
      await ctx.submit(job("bad", [{ do: "exit", code: 3 }]));
      expect(await ctx.wait("bad")).toMatchObject({ phase: "failed", exitCode: 3 });
    });

    it("tells of changes on the way", async () => {
      await ctx.submit(job("slow", [{ do: "sleep", ms: 50 }]));
      const phases: string[] = [];
      await ctx.wait("slow", { onChange: ({ phase }) => phases.push(phase) });
      expect(phases).toContain("running");
      expect(phases.at(-1)).toBe("succeeded");
    });

    it("ends when the signal aborts, or its time is up", async () => {
      await ctx.submit(job("long", [forever]));
      const abort = new AbortController();
      const waiting = ctx.wait("long", { signal: abort.signal });
      abort.abort();
      await expect(waiting).rejects.toMatchObject({ code: "CANCELLED" });
      await expect(ctx.wait("long", { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
        code: "TIMED_OUT",
      });
      await expect(ctx.wait("long", { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: "CANCELLED",
      });
    });

    it("fails for a job that is not there, or is deleted meanwhile", async () => {
      await expect(ctx.wait("nobody")).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
      await ctx.submit(job("long", [forever]));
      const watched = Promise.withResolvers<void>();
      const waiting = ctx.wait("long", { onChange: () => watched.resolve() });
      await watched.promise;
      await ctx.delete("long", { force: true });
      await expect(waiting).rejects.toMatchObject({ code: "JOB_NOT_FOUND" });
    });

    it("survives a cut connection", async () => {
      await ctx.submit(job("slow", [{ do: "sleep", ms: 100 }]));
      let cut = (): void => {
        cut = () => undefined;
        world.disconnect();
        setTimeout(() => world.reconnect(), 50);
      };
      const waiting = ctx.wait("slow", { onChange: () => cut() });
      expect(await waiting).toMatchObject({ phase: "succeeded" });
    });
  });

  describe("delete", () => {
    it("wants force for a running job, and is false when there is none", async () => {
      await ctx.submit(job("long", [forever]));
      await expect(ctx.delete("long")).rejects.toMatchObject({ code: "JOB_INCOMPLETE" });
      expect(await ctx.delete("long", { force: true })).toBe(true);
      expect(await ctx.delete("long")).toBe(false);
    });
  });

  describe("scale", () => {
    it("asks for a number without waiting, and refuses a bad one", async () => {
      await ctx.submit(workers("w", 0));
      expect(await ctx.scaleTo("w", 2)).toMatchObject({ requested: 2 });
      await expect(ctx.scaleTo("w", -1)).rejects.toMatchObject({ code: "SPEC_INVALID" });
      await expect(ctx.scaleTo("w", "3:x")).rejects.toMatchObject({ code: "SPEC_INVALID" });
      await ctx.submit(job("single", [forever]));
      await expect(ctx.scaleTo("single", 1)).rejects.toMatchObject({ code: "SPEC_INVALID" });
    });

    it("goes through steps, each of which waits for its workers", async () => {
      await ctx.submit(workers("w", 0));
      const steps: unknown[] = [];
      const end = await ctx.scaleTo("w", "1:2:5", {
        onStep: (step) => steps.push([step.step, step.running, step.requested]),
      });
      expect(steps).toEqual([
        [1, 1, 1],
        [2, 3, 3],
        [3, 5, 5],
      ]);
      expect(end).toEqual({ running: 5, requested: 5 });
      expect(await ctx.scaleTo("w", { start: 4, step: -2, stop: 0 })).toEqual({
        running: 0,
        requested: 0,
      });
      expect(await ctx.scale("w")).toEqual({ running: 0, requested: 0 });
    });

    it("says so when a step cannot be satisfied because the job ended", async () => {
      const master = { do: "sleep", ms: 60 } as const;
      await ctx.submit(
        juliaParBatch({
          name: "short",
          ...parameters,
          files: [...parameters.files],
          workerCpu: 8,
          cpu: "10m",
          args: [programArgument({ steps: [master] })],
        }),
      );
      // The world's 8 cores are not free beside the master, so the step waits until that has ended.
      await expect(ctx.scaleTo("short", "1:1")).rejects.toMatchObject({
        code: "STATE_CONFLICT",
        message: expect.stringContaining("it has ended (succeeded)"),
      });
    });

    it("says so when a worker failed for good", async () => {
      await ctx.submit(
        workers("w", 0, [{ do: "onWorker", index: 1, steps: [{ do: "exit", code: 7 }] }, forever]),
      );
      await expect(ctx.scaleTo("w", "2:2")).rejects.toMatchObject({
        code: "STATE_CONFLICT",
        message: expect.stringContaining("worker-1 will not run"),
      });
    });

    it("says so when somebody else scales the job meanwhile", async () => {
      await ctx.submit(workers("w", 1, [forever]));
      const other = open();
      const scaling = ctx.scaleTo("w", "100:100");
      for await (const event of other.watch({ name: "w" })) {
        if (event.type === "snapshot" && event.jobs[0]?.status.parallelism === 100) break;
        if (event.type === "changed" && event.job.status.parallelism === 100) break;
      }
      await other.scaleTo("w", 1);
      await expect(scaling).rejects.toMatchObject({
        message: expect.stringContaining("somebody else asked for 1"),
      });
      await other.close();
    });
  });

  describe("tail", () => {
    it("yields a job's lines, or those of all jobs", async () => {
      await ctx.submit(
        job("a", [
          { do: "print", text: "one" },
          { do: "print", text: "two", stream: "stderr" },
        ]),
      );
      await ctx.submit(job("b", [{ do: "print", text: "three" }]));
      await Promise.all([ctx.wait("a"), ctx.wait("b")]);
      const lines: string[] = [];
      for await (const { stream, line } of ctx.tail({ job: "a" }))
        lines.push(`${stream} ${text(line)}`);
      expect(lines.toSorted((x, y) => x.localeCompare(y))).toEqual(["stderr two", "stdout one"]);
      const all: string[] = [];
      for await (const entry of ctx.tail()) all.push(entry.job);
      expect(new Set(all)).toEqual(new Set(["a", "b"]));
    });

    it("follows into a stream until the job ends", async () => {
      await ctx.submit(job("a", [{ do: "count", prefix: "line ", lines: 3, everyMs: 5 }]));
      const chunks: string[] = [];
      await ctx.tailTo(new WritableStream({ write: (chunk) => void chunks.push(text(chunk)) }), {
        job: "a",
        follow: true,
      });
      expect(chunks.join("")).toBe("line 0\nline 1\nline 2\n");
    });

    it("ends when the reader of the stream goes, also when the job is silent", async () => {
      await ctx.submit(job("a", [{ do: "print", text: "hello" }, forever]));
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
      const tailing = ctx.tailTo(writable, { job: "a", follow: true });
      const reader = readable.getReader();
      expect(text((await reader.read()).value ?? new Uint8Array())).toBe("hello\n");
      await reader.cancel();
      await tailing;
    });
  });

  describe("authentication", () => {
    it("makes another context for another namespace, and leaves this one alone", async () => {
      await ctx.submit(job("mine"));
      const other = await ctx.authenticate({ type: "none" }, "team");
      expect([ctx.namespace, other.namespace]).toEqual(["default", "team"]);
      expect(await other.list()).toEqual([]);
      await other.close();
      expect(await ctx.list()).toHaveLength(1);
    });

    it("changes namespace and credentials in place", async () => {
      await ctx.useNamespace("team");
      expect(ctx.namespace).toBe("team");
      expect(await ctx.authenticateInPlace({ type: "none" }, "other")).toBe(ctx);
      expect(ctx.namespace).toBe("other");
    });

    it("refuses what this cluster cannot do", async () => {
      await expect(ctx.authenticate({ type: "token", token: "x" })).rejects.toMatchObject({
        code: "CAPABILITY_UNSUPPORTED",
      });
      await expect(
        ctx.authenticate({ type: "none" }, "team", "http://elsewhere"),
      ).rejects.toMatchObject({
        code: "CAPABILITY_UNSUPPORTED",
      });
    });
  });

  describe("metrics", () => {
    it("are empty where nothing is recorded", async () => {
      await ctx.setupMetrics();
      await ctx.recordMetrics("queue", 4);
      expect(await ctx.getRusage()).toEqual([]);
      expect(await ctx.getMetrics({ start: "-10m" })).toEqual([]);
      const shown: string[] = [];
      for await (const table of ctx.showMetrics({ times: 2, delaySeconds: 0 })) shown.push(table);
      expect(shown).toHaveLength(2);
      expect(shown[0]).toContain("NoAccounting");
      await ctx.cleanupMetrics();
    });

    it("are recorded one by one or several at once, and shown as a table", async () => {
      const recorded: MetricPoint[] = [];
      const accounting = new NoAccounting();
      Object.assign(accounting, {
        enabled: true,
        record: async (_namespace: string, points: readonly MetricPoint[]) =>
          void recorded.push(...points),
        metrics: async () => [
          {
            resource: "cpu",
            aggregate: "mean",
            tags: { container_name: "a" },
            atNs: 1_000_000_000n,
            value: 0.5,
          },
        ],
      });
      const counting = open(accounting);
      await counting.recordMetrics("queue", 4, { atNs: 1n });
      await counting.recordMetrics({ cpu: 1, mem: 2 }, { tags: { a: "b" } });
      expect(recorded).toEqual([
        { resource: "queue", value: 4, atNs: 1n },
        { resource: "cpu", value: 1, tags: { a: "b" } },
        { resource: "mem", value: 2, tags: { a: "b" } },
      ]);
      const { value } = await counting.showMetrics().next();
      expect(value).toBe(
        "TIME                      CONTAINER_NAME  RESOURCE  AGGREGATE  VALUE\n" +
          "1970-01-01T00:00:01.000Z  a               cpu       mean       0.5",
      );
      await counting.close();
    });
  });
});
