import { setTimeout as sleep } from "node:timers/promises";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { ClusterBackend } from "../backend/cluster-backend.ts";
import type { Job } from "../backend/job.ts";
import { isManagerError } from "../errors/manager-error.ts";
import { memoryParts } from "../memory/memory-backend.ts";
import { MemoryWorld } from "../memory/memory-world.ts";
import { unitName } from "../plan/unit-id.ts";
import { isFinal } from "../status/job-status.ts";
import { Life, mortalParts } from "../testing/mortal-parts.ts";
import { planProgramJob, type ProgramJob } from "../testing/program-job.ts";
import { UnitBackend } from "./unit-backend.ts";

const NAMES = ["a", "b", "c"];
const SETTINGS = { image: "sample", missingImage: "missing" };

const SHAPES: readonly Omit<ProgramJob, "name">[] = [
  { master: { steps: [{ do: "sleep", ms: 15 }] } },
  { master: { steps: [{ do: "exit", code: 3 }], maxRestarts: 1 } },
  { master: { steps: [], missingCommand: true } },
  { workers: { steps: [{ do: "untilStopped" }], maxRestarts: 2, count: 2 } },
  { workers: { steps: [{ do: "sleep", ms: 10 }], restart: "always", count: 2 } },
  {
    master: { steps: [{ do: "sleep", ms: 30 }], maxRestarts: 2 },
    workers: { steps: [{ do: "untilStopped" }], maxRestarts: 2, count: 2 },
    keepAfterFinishSeconds: 0,
  },
  {
    master: { steps: [{ do: "untilStopped" }], resources: { cpuMillis: 600 } },
    workers: { steps: [{ do: "untilStopped" }], resources: { cpuMillis: 300 }, count: 2 },
  },
];

const name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("submit"), name, shape: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("scale"), name, to: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete"), name, force: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("kill"), pick: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("remove"), pick: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("blink"), ms: fc.nat(20) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("die"), after: fc.nat(15) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("change") }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("wait"), ms: fc.nat(25) }) },
);

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A simulated cluster with processes that come and go, and what must hold whatever happens. */
class Chaos {
  readonly world = new MemoryWorld({
    capacity: { cpuMillis: 1000, memoryBytes: 2 ** 30, gpus: 0 },
    backoffMs: 3,
  });
  readonly broken: string[] = [];
  readonly #ends = new Map<string, string>();
  readonly #watching = new AbortController();
  readonly #calls: Promise<unknown>[] = [];
  readonly #watches: Promise<void>[] = [];
  #backend = this.#open();

  constructor() {
    this.world.onEvent((event) => {
      if (event.type === "changed") this.#checkUnits(event.jobUid);
    });
  }

  async perform(each: Step): Promise<void> {
    switch (each.do) {
      case "submit": {
        const { spec, plan } = planProgramJob({ name: each.name, ...SHAPES[each.shape] }, SETTINGS);
        return this.#call(this.#backend.submit(spec, plan, { replace: true }));
      }
      case "scale":
        return this.#call(this.#backend.scale(each.name, each.to));
      case "delete":
        return this.#call(this.#backend.delete(each.name, { force: each.force }));
      case "kill":
        return this.world.containers().at(each.pick)?.kill();
      case "remove": {
        const container = this.world.containers().at(each.pick);
        return container && this.world.remove(container);
      }
      case "blink":
        this.world.disconnect();
        await sleep(each.ms);
        return this.world.reconnect();
      case "die":
        return this.#dies(each.after);
      case "change": {
        const old = this.#backend;
        this.#backend = this.#open();
        return this.#call(old.close());
      }
      default:
        await sleep(each.ms);
    }
  }

  /** Lets everything come to rest, deletes all jobs, and says what is left. */
  async end(): Promise<string[]> {
    await Promise.all(this.#calls);
    for (const each of NAMES) await this.#backend.delete(each, { force: true });
    this.#watching.abort();
    await Promise.all(this.#watches);
    await this.#backend.close();
    return [
      ...this.world.containers().map(({ record, unit }) => `${record.name} ${unitName(unit)}`),
      ...this.world.records.list({}).map((record) => `record ${record.name}`),
    ];
  }

  #open(life?: Life): ClusterBackend {
    const parts = memoryParts(this.world);
    const backend = new UnitBackend({
      ...(life ? mortalParts(parts, life) : parts),
      namespace: "x",
    });
    const watch = this.#watch(backend);
    if (!life) this.#watches.push(watch);
    return backend;
  }

  /** A process that submits or deletes something, and is killed. */
  async #dies(after: number): Promise<void> {
    const life = new Life(after + 1);
    const mortal = this.#open(life);
    const { spec, plan } = planProgramJob({ name: "a", ...SHAPES[3] }, SETTINGS);
    void mortal
      .submit(spec, plan, { replace: true, force: after % 2 === 0 })
      .catch(() => undefined);
    await Promise.race([life.died, sleep(20)]);
    life.kill();
  }

  #call(call: Promise<unknown>): void {
    this.#calls.push(
      call.catch((error: unknown) => {
        if (!isManagerError(error) || error.code === "INTERNAL") this.broken.push(String(error));
      }),
    );
  }

  async #watch(backend: ClusterBackend): Promise<void> {
    try {
      for await (const event of backend.watch({}, this.#watching.signal)) {
        if (event.type === "snapshot") for (const job of event.jobs) this.#checkEnd(job);
        if (event.type === "changed") this.#checkEnd(event.job);
      }
    } catch (error) {
      if (!isManagerError(error, "BACKEND_UNREACHABLE")) this.broken.push(String(error));
    }
  }

  /** An end that was told once is never told otherwise. */
  #checkEnd({ uid, name: job, status }: Job): void {
    const told = this.#ends.get(uid);
    const now = `${status.phase} ${status.reason} ${status.exitCode ?? "-"}`;
    if (isFinal(status)) this.#ends.set(uid, now);
    if (told === undefined || told === now || status.phase === "deleting") return;
    this.broken.push(`${job} was told to be ${told}, then ${now}`);
  }

  /** No unit has two running containers. */
  #checkUnits(uid: string): void {
    const units = this.world
      .containers()
      .filter((container) => container.active && container.record.uid === uid)
      .map(({ unit }) => unitName(unit));
    if (new Set(units).size < units.length) this.broken.push(`units twice: ${units.join(", ")}`);
  }
}

it("keeps its promises whatever processes and containers do", { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const chaos = new Chaos();
      for (const each of steps) await chaos.perform(each);
      const left = await Promise.race([chaos.end(), sleep(20_000, ["it does not come to rest"])]);
      expect([...chaos.broken, ...left]).toEqual([]);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});
