import { describe, expect, it } from "vitest";
import { evictionOf } from "./pod-eviction.ts";

const spec = {
  containers: [{ name: "unit", volumeMounts: [{ name: "volume-1", mountPath: "/mnt/tmp" }] }],
};

describe("evictionOf", () => {
  it("says which volume held too much, by the name that the user gave", () => {
    const message = 'Usage of EmptyDir volume "volume-1" exceeds the limit "8Mi". ';
    expect(evictionOf({ reason: "Evicted", message }, spec)).toBe(
      'Usage of EmptyDir volume "tmp" exceeds the limit "8Mi"',
    );
  });

  it("has words also where the node has none, and none for other pods", () => {
    expect(evictionOf({ reason: "Evicted" }, undefined)).toBe("the node gives no reason");
    expect(evictionOf({ reason: "NodeLost", message: "gone" }, spec)).toBeUndefined();
    expect(evictionOf(undefined, spec)).toBeUndefined();
  });
});
