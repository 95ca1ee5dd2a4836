import { describe, expect, it } from "vitest";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { JobRecord } from "../record/job-record.ts";
import { sampleGroup, samplePlan, sampleRecord } from "../testing/sample-record.ts";
import { reconcileChanged } from "./reconcile-changed.ts";
import type { Reconciliation } from "./reconcile.ts";

const plan = samplePlan("master", [sampleGroup("master", 1)]);
const units = { master: { attempt: 0, priorRestarts: 0, startedAt: 5 } };

function master(more: Partial<ObservedUnit> = {}): ObservedUnit {
  const id = { jobUid: "uid", role: "master", index: 0, attempt: 0, engineId: "a" } as const;
  return { ...id, state: "running", startedAt: 5, ...more };
}

function look(record: JobRecord, observed: readonly ObservedUnit[], now = 1000): Reconciliation {
  return reconcileChanged({ record, units: observed, dependencies: { kind: "ready" }, now });
}

describe("reconcileChanged", () => {
  it("gives the same answer as before while nothing has changed", () => {
    const record = sampleRecord(plan, { units });
    const first = look(record, [master()]);
    expect(first).toMatchObject({ record, actions: [], forget: false });
    expect(look(record, [master()], 2000)).toBe(first);
  });

  it("judges anew what a unit shows, and a changed record", () => {
    const record = sampleRecord(plan, { units });
    const first = look(record, [master()]);
    const { outcome } = look(record, [master({ state: "exited", exitCode: 0 })]).record;
    expect(outcome?.phase).toBe("succeeded");
    const waiting = { reason: "Starting", message: "Its image is pulled." } as const;
    expect(look(record, [master({ state: "pending", waiting })])).not.toBe(first);
    const deleted = { ...record, deletionRequestedAt: 900 };
    expect(look(deleted, [master()]).actions).toHaveLength(1);
  });

  it("judges anew while there is something to store, to do or to wait for", () => {
    const unknown = sampleRecord(plan);
    expect(look(unknown, [master()])).not.toBe(look(unknown, [master()]));
    expect(look(unknown, [])).not.toBe(look(unknown, []));
    const limited = sampleRecord({ ...plan, maxRuntimeSeconds: 1 }, { units });
    expect(look(limited, [master()]).record.outcome).toBeUndefined();
    expect(look(limited, [master()], 1005).record.outcome?.reason).toBe("DeadlineExceeded");
  });
});
