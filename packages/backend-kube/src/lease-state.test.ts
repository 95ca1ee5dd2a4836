import { describe, expect, it } from "vitest";
import { isTaken, toLeaseSpec, toLeaseState } from "./lease-state.ts";

const NOW = Date.parse("2020-01-01T00:00:00.123Z");

describe("toLeaseState", () => {
  it("takes a lease that nobody has for expired", () => {
    const state = toLeaseState({ metadata: { uid: "u", resourceVersion: "5" } });
    expect(state).toMatchObject({ holder: "", expiresAt: 0, transitions: 0 });
    expect(isTaken(state, "me", NOW)).toBe(false);
  });

  it("expires after its duration", () => {
    const state = toLeaseState({ spec: toLeaseSpec(undefined, "other", NOW) });
    expect(isTaken(state, "me", NOW + 14_999)).toBe(true);
    expect(isTaken(state, "me", NOW + 15_000)).toBe(false);
    expect(isTaken(state, "other", NOW)).toBe(false);
  });
});

describe("toLeaseSpec", () => {
  it("counts who took it, and keeps when", () => {
    const first = toLeaseSpec(undefined, "one", NOW);
    expect(first).toEqual({
      holderIdentity: "one",
      leaseDurationSeconds: 15,
      acquireTime: "2020-01-01T00:00:00.123000Z",
      renewTime: "2020-01-01T00:00:00.123000Z",
      leaseTransitions: 0,
    });
    const renewed = toLeaseSpec(toLeaseState({ spec: first }), "one", NOW + 5000);
    expect(renewed).toEqual({ ...first, renewTime: "2020-01-01T00:00:05.123000Z" });
    const second = toLeaseSpec(toLeaseState({ spec: renewed }), "two", NOW + 30_000);
    expect(second).toMatchObject({ holderIdentity: "two", leaseTransitions: 1 });
    expect(second.acquireTime).toBe(second.renewTime);
  });

  it("names nobody when it is given up", () => {
    const held = toLeaseState({ spec: toLeaseSpec(undefined, "one", NOW) });
    const free = toLeaseSpec(held, undefined, NOW);
    expect(free).not.toHaveProperty("holderIdentity");
    expect(isTaken(toLeaseState({ spec: free }), "two", NOW)).toBe(false);
  });
});
