import { isDeepStrictEqual } from "node:util";
import {
  array,
  assert,
  boolean,
  constantFrom,
  nat,
  oneof,
  property,
  record as fields,
  type Arbitrary,
} from "fast-check";
import { describe, expect, it } from "vitest";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import { samplePlan, sampleGroup, sampleRecord } from "../testing/sample-record.ts";
import { unitName } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import { reconcile, type UnitAction } from "./reconcile.ts";

/** An engine in a few lines: what reconcile() meets, with everything that may go wrong around it. */
class World {
  record: JobRecord;
  units: ObservedUnit[] = [];
  now = 1;

  constructor(record: JobRecord) {
    this.record = record;
  }

  /** One pass of an actor; `crashAfter` actions the actor's process is killed (-1: before the record was stored). */
  pass(crashAfter = Number.POSITIVE_INFINITY): number {
    this.now++;
    const { record, actions, forget } = reconcile({
      record: this.record,
      units: this.units,
      dependencies: { kind: "ready" },
      now: this.now,
    });
    if (crashAfter < 0) return actions.length;
    this.checkFinals(record);
    this.record = record;
    actions.slice(0, crashAfter).forEach((action) => this.apply(action));
    return forget ? 0 : actions.length;
  }

  apply(action: UnitAction): void {
    if (action.kind === "start") return this.start(action);
    const { observed } = action;
    const current = this.units.find((unit) => unit.engineId === observed.engineId);
    if (!current) return;
    if (action.kind === "remove") this.units = this.units.filter((unit) => unit !== current);
    if (action.kind === "stop" && current.state === "running")
      this.change(current, { state: "exited", exitCode: 143, finishedAt: this.now });
    if (action.kind === "restart" && current.state === "exited")
      this.change(current, { state: "running", restarts: 0 });
  }

  start({ unit, attempt }: Extract<UnitAction, { kind: "start" }>): void {
    const engineId = `${unitName(unit)}/${attempt}`;
    const existing = this.units.find((other) => other.engineId === engineId);
    if (existing?.state === "created")
      return this.change(existing, { state: "running", startedAt: this.now });
    if (existing) return;
    const twin = this.units.find(
      (other) => unitName(other) === unitName(unit) && other.state === "running",
    );
    if (twin) throw new Error(`two running containers of ${unitName(unit)}`);
    this.units.push({
      jobUid: "uid",
      ...unit,
      attempt,
      engineId,
      state: "running",
      startedAt: this.now,
    });
  }

  change(unit: ObservedUnit, change: Partial<ObservedUnit>): void {
    this.units = this.units.map((other) => (other === unit ? { ...unit, ...change } : other));
  }

  checkFinals(next: JobRecord): void {
    if (this.record.outcome && !isDeepStrictEqual(next.outcome, this.record.outcome))
      throw new Error("the outcome changed");
    for (const [name, { final }] of Object.entries(this.record.units)) {
      const scaledAway = name !== "master" && Number(name.slice(7)) >= this.record.requestedWorkers;
      const changed = !isDeepStrictEqual(next.units[name]?.final, final);
      if (final && !scaledAway && changed) throw new Error(`the end of ${name} changed`);
    }
  }

  settle(): void {
    for (let passes = 0; passes < 60; passes++) if (this.pass() === 0 && this.pass() === 0) return;
    throw new Error("does not converge");
  }
}

interface Step {
  readonly kind: "pass" | "crash" | "succeed" | "fail" | "vanish" | "engine-restart" | "scale";
  readonly pick: number;
  readonly crashAfter: number;
}

const step: Arbitrary<Step> = fields({
  kind: constantFrom(
    "pass",
    "pass",
    "crash",
    "succeed",
    "fail",
    "vanish",
    "engine-restart",
    "scale",
  ),
  pick: nat(50),
  crashAfter: nat(3).map((count) => count - 1),
});

function perform(world: World, { kind, pick, crashAfter }: Step): void {
  const running = world.units.filter((unit) => unit.state === "running");
  const chosen = running[pick % Math.max(1, running.length)];
  const any = world.units[pick % Math.max(1, world.units.length)];
  world.now++;
  switch (kind) {
    case "pass":
      world.pass();
      break;
    case "crash":
      world.pass(crashAfter);
      break;
    case "succeed":
      if (chosen) world.change(chosen, { state: "exited", exitCode: 0, finishedAt: world.now });
      break;
    case "fail":
      if (chosen) world.change(chosen, { state: "exited", exitCode: 1, finishedAt: world.now });
      break;
    case "vanish":
      world.units = world.units.filter((unit) => unit !== any);
      break;
    case "engine-restart":
      if (chosen) world.change(chosen, { restarts: (chosen.restarts ?? 0) + 1 });
      break;
    case "scale":
      if (!world.record.outcome) world.record = { ...world.record, requestedWorkers: pick % 5 };
      break;
  }
}

const worlds: Arbitrary<World> = oneof(
  boolean().map(() => samplePlan("master", [sampleGroup("master", 1)])),
  nat(4).map((workers) =>
    samplePlan("master", [sampleGroup("master", 1), sampleGroup("worker", workers)]),
  ),
  nat(4).map((workers) => samplePlan("workers", [sampleGroup("worker", workers)])),
).map((plan) => new World(sampleRecord(plan)));

describe("reconcile, whatever happens around it", () => {
  it("never runs two containers of one unit, never changes a final state, and converges", () => {
    assert(
      property(worlds, array(step, { maxLength: 60 }), (world, steps) => {
        steps.forEach((each) => perform(world, each));
        world.settle();
        const running = world.units.filter((unit) => unit.state === "running").map(unitName);
        expect(new Set(running).size).toBe(running.length);
        expect(world.record.outcome === undefined ? [] : running).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it("forgets a job marked for deletion, whatever state it was in", () => {
    assert(
      property(worlds, array(step, { maxLength: 40 }), (world, steps) => {
        steps.forEach((each) => perform(world, each));
        world.record = { ...world.record, deletionRequestedAt: world.now };
        world.settle();
        expect(world.units).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it("finishes a job whose units all end, with the units' result", () => {
    assert(
      property(worlds, boolean(), (world, success) => {
        for (let round = 0; round < 30 && !world.record.outcome; round++) {
          world.settle();
          for (const unit of world.units.filter((each) => each.state === "running")) {
            world.change(unit, {
              state: "exited",
              exitCode: success ? 0 : 1,
              finishedAt: ++world.now,
            });
          }
        }
        world.settle();
        const ends = world.record.plan.completion === "master" || world.record.requestedWorkers > 0;
        expect(world.record.outcome?.phase).toBe(
          ends ? (success ? "succeeded" : "failed") : undefined,
        );
      }),
    );
  });
});
