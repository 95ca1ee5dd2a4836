import { describe, expect, it } from "vitest";
import { testGroup, testPlan } from "../fixtures/record.ts";
import { controllerKind } from "./controller-kind.ts";

const ALWAYS = { policy: "always", maxRestarts: 6 } as const;

describe("controllerKind", () => {
  it("runs what ends by itself as a Job", () => {
    const master = testGroup();
    expect(controllerKind(testPlan([master]), master)).toBe("Job");
    const workers = testGroup({ role: "worker" });
    expect(controllerKind(testPlan([workers]), workers)).toBe("Job");
  });

  it("runs workers beside a master as a StatefulSet, and the master as a Job", () => {
    const [master, workers] = [testGroup(), testGroup({ role: "worker" })];
    const plan = testPlan([master, workers]);
    expect([master, workers].map((group) => controllerKind(plan, group))).toEqual([
      "Job",
      "StatefulSet",
    ]);
  });

  it("runs what always restarts as a StatefulSet", () => {
    const master = testGroup({ restart: ALWAYS });
    expect(controllerKind(testPlan([master]), master)).toBe("StatefulSet");
    const workers = testGroup({ role: "worker", restart: ALWAYS });
    expect(controllerKind(testPlan([workers]), workers)).toBe("StatefulSet");
  });
});
