import { describe, expect, it } from "vitest";
import type { ObservedUnit } from "../engine/observed-unit.ts";
import type { UnitRecord } from "../record/job-record.ts";
import { unitVerdict, type UnitRules } from "./unit-verdict.ts";

const rules: UnitRules = {
  restart: { policy: "on-failure", maxRestarts: 2 },
  replaceVanished: true,
};

function judge(facts: Partial<ObservedUnit>, record?: UnitRecord) {
  const unit: ObservedUnit = {
    jobUid: "uid",
    role: "worker",
    index: 0,
    attempt: 0,
    engineId: "pod",
    state: "pending",
    ...facts,
  };
  return unitVerdict(record, unit, rules, 1000);
}

const ran = { attempt: 0, priorRestarts: 0, startedAt: 1 };

describe("unitVerdict, of a unit that the engine has accepted", () => {
  it("waits for the engine, whatever it waits for", () => {
    expect(judge({})).toEqual({ kind: "active" });
    const waiting = { reason: "WaitingForResources", message: "No node has room." } as const;
    expect(judge({ waiting })).toEqual({ kind: "active" });
  });

  it("waits for the engine also after it has run: its controller replaces it", () => {
    expect(judge({}, ran)).toEqual({ kind: "active" });
  });

  it("has failed for what it used, where the engine ended it for that", () => {
    const evicted = 'Usage of EmptyDir volume "tmp" exceeds the limit "8Mi"';
    const end = { state: "exited", exitCode: 143, gaveUp: true, finishedAt: 90 } as const;
    expect(judge({ ...end, evicted })).toMatchObject({
      kind: "final",
      final: { result: "failed", reason: "Evicted", message: `Ended by the engine: ${evicted}.` },
    });
  });

  it("starts a container that was only created", () => {
    expect(judge({ state: "created" })).toEqual({ kind: "start", attempt: 0 });
  });

  it("has failed when the engine says that it cannot start, with its reason and time", () => {
    const error = "no such image";
    expect(judge({ error, errorReason: "ImageNotFound", finishedAt: 900 })).toEqual({
      kind: "final",
      final: {
        result: "failed",
        reason: "ImageNotFound",
        message: `The engine could not start it: ${error}`,
        restarts: 0,
        finishedAt: 900,
      },
    });
    expect(judge({ error })).toMatchObject({ final: { reason: "StartFailed", finishedAt: 1000 } });
  });
});

describe("unitVerdict, of a unit that the engine has given up", () => {
  it("is not restarted by us, whatever is left of its restarts", () => {
    const end = { state: "exited", exitCode: 3, gaveUp: true, restarts: 1 } as const;
    expect(judge(end, ran)).toMatchObject({
      kind: "final",
      final: { result: "failed", exitCode: 3, restarts: 1 },
    });
    expect(judge({ ...end, gaveUp: false }, ran)).toEqual({ kind: "restart" });
  });

  it("may have ended without a known exit code", () => {
    expect(judge({ state: "exited", gaveUp: true }, ran)).toEqual({
      kind: "final",
      final: {
        result: "failed",
        reason: "ExitCode",
        message: "Ended with exit code unknown.",
        restarts: 0,
        finishedAt: 1000,
      },
    });
  });
});
