import { array, assert, constantFrom, nat, property, record as fields } from "fast-check";
import { describe, expect, it } from "vitest";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import { revisionOf } from "../plan/service-plan.ts";
import { unitName, type UnitRole } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { reconcile, type UnitAction } from "./reconcile.ts";

const KINDS = ["pass", "pass", "crash", "ready", "ready", "end", "vanish", "update"] as const;

interface Step {
  readonly kind: (typeof KINDS)[number];
  readonly pick: number;
}

const step = fields<Step>({ kind: constantFrom(...KINDS), pick: nat(50) });
const steps = array(step, { maxLength: 60 });

/** An engine that runs the units of one service, and whatever may happen to them. */
class World {
  record: JobRecord;
  units: ObservedUnit[] = [];

  constructor(role: UnitRole, replicas: number) {
    const readiness = { kind: "tcp", port: 80 } as const;
    const restart = { policy: "always", maxRestarts: 0 } as const;
    const group = sampleGroup(role, replicas, { lifecycle: "service", readiness, restart });
    this.record = sampleRecord(samplePlan("none", [group]));
  }

  /** Names of the units that do their work. */
  get ready(): Set<string> {
    return new Set(this.units.filter(({ ready }) => ready === true).map((unit) => unitName(unit)));
  }

  pass(actionsDone = Number.POSITIVE_INFINITY): number {
    const { record, units } = this;
    const next = reconcile({ record, units, dependencies: { kind: "ready" }, now: 1 });
    this.record = next.record;
    next.actions.slice(0, actionsDone).forEach((action) => this.apply(action));
    return next.actions.length;
  }

  apply(action: UnitAction): void {
    if (action.kind === "start") return this.start(action);
    const current = this.units.find(({ engineId }) => engineId === action.observed.engineId);
    if (!current) return;
    if (action.kind === "remove") this.units = this.units.filter((unit) => unit !== current);
    if (action.kind === "restart") this.change(current, { state: "running" });
  }

  start({ unit, attempt }: Extract<UnitAction, { kind: "start" }>): void {
    const engineId = `${unitName(unit)}/${attempt}`;
    if (this.units.some((other) => other.engineId === engineId)) return;
    const revision = revisionOf(this.record);
    const fact = { jobUid: "uid", ...unit, attempt, engineId, revision, startedAt: 1 };
    this.units.push({ ...fact, state: "running", ready: false });
  }

  change(unit: ObservedUnit, change: Partial<ObservedUnit>): void {
    this.units = this.units.map((other) => (other === unit ? { ...unit, ...change } : other));
  }

  perform({ kind, pick }: Step): void {
    const running = this.units.filter(({ state }) => state === "running");
    const chosen = running[pick % Math.max(1, running.length)];
    const { record } = this;
    if (kind === "pass") this.pass();
    if (kind === "crash") this.pass(pick % 3);
    if (kind === "update") this.record = { ...record, revision: revisionOf(record) + 1 };
    if (!chosen) return;
    if (kind === "ready") this.change(chosen, { ready: true });
    if (kind === "end") this.change(chosen, { state: "exited", exitCode: pick, ready: false });
    if (kind === "vanish") this.units = this.units.filter((unit) => unit !== chosen);
  }

  /** Everything answers from now on. */
  settle(): void {
    for (let passes = 0; passes < 100; passes++) {
      const actions = this.pass();
      for (const unit of this.units)
        if (unit.state === "running") this.change(unit, { ready: true });
      if (actions === 0 && this.pass() === 0) return;
    }
    throw new Error("does not converge");
  }
}

describe("a rolling update, whatever happens around it", () => {
  it("never takes a ready unit away, and ends with one container of the newest spec for each unit", () => {
    assert(
      property(nat(3), steps, (more, all) => {
        const world = new World("worker", 1 + more);
        for (const each of all) {
          const before = world.ready;
          world.perform(each);
          const passed = each.kind === "pass" || each.kind === "crash";
          const lost = passed ? [...before.difference(world.ready)] : [];
          expect(lost).toEqual([]);
        }
        world.settle();
        const { revision = 0 } = world.record;
        expect(world.units.map((unit) => unit.revision)).toEqual(
          Array.from({ length: 1 + more }, () => revision),
        );
        expect(world.ready.size).toBe(1 + more);
        expect(world.record.outcome).toBeUndefined();
      }),
      { numRuns: 400 },
    );
  });

  it("never runs two containers of a unit with an identity", () => {
    assert(
      property(steps, (all) => {
        const world = new World("master", 1);
        for (const each of all) {
          world.perform(each);
          expect(world.units.filter(({ state }) => state === "running").length).toBeLessThan(2);
        }
        world.settle();
        expect(world.units).toMatchObject([{ revision: revisionOf(world.record), ready: true }]);
      }),
      { numRuns: 400 },
    );
  });
});
