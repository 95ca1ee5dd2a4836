import { describe, expect, it } from "vitest";
import { testGroup } from "../fixtures/record.ts";
import { controllerKind } from "./controller-kind.ts";

describe("controllerKind", () => {
  it("runs what may end well or fail for good as a Job, beside a master too", () => {
    expect(controllerKind(testGroup())).toBe("Job");
    expect(controllerKind(testGroup({ role: "worker" }))).toBe("Job");
    const never = { policy: "never", maxRestarts: 6 } as const;
    expect(controllerKind(testGroup({ restart: never }))).toBe("Job");
  });

  it("runs what always restarts as a StatefulSet", () => {
    const restart = { policy: "always", maxRestarts: 6 } as const;
    expect(controllerKind(testGroup({ restart }))).toBe("StatefulSet");
    expect(controllerKind(testGroup({ role: "worker", restart }))).toBe("StatefulSet");
  });
});
