import { describe, expect, it } from "vitest";
import { containerSecurity, podSecurity, secretMode } from "./security-context.ts";
import { isNonRoot, parseUnitUser } from "./unit-user.ts";

describe("parseUnitUser", () => {
  it("reads numbers", () => {
    expect(parseUnitUser(undefined)).toBeUndefined();
    expect(parseUnitUser("1000")).toEqual({ uid: 1000 });
    expect(parseUnitUser("1000:0")).toEqual({ uid: 1000, gid: 0 });
  });

  it.each(["julia", "1000:users", "", "2147483648", "1000:2147483648", "-1", "1000:"])(
    "refuses %j and says to give a number",
    (user) => {
      expect(() => parseUnitUser(user)).toThrow(
        expect.objectContaining({
          code: "SPEC_INVALID",
          message: expect.stringMatching(/needs numbers/),
          hint: expect.stringMatching(/Give a number/),
        }),
      );
    },
  );

  it("knows root from others", () => {
    expect([undefined, { uid: 0, gid: 5 }, { uid: 1 }].map((user) => isNonRoot(user))).toEqual([
      false,
      false,
      true,
    ]);
  });
});

describe("podSecurity", () => {
  it("leaves an image its own user", () => {
    expect(podSecurity(undefined)).toEqual({ seccompProfile: { type: "RuntimeDefault" } });
  });

  it("runs as the numbers of a user who is not root, and gives the volumes to the group", () => {
    const rest = {
      seccompProfile: { type: "RuntimeDefault" },
      runAsNonRoot: true,
      fsGroupChangePolicy: "OnRootMismatch",
    };
    expect(podSecurity({ uid: 1000 })).toEqual({ ...rest, runAsUser: 1000, fsGroup: 1000 });
    expect(podSecurity({ uid: 1000, gid: 50 })).toEqual({
      ...rest,
      runAsUser: 1000,
      runAsGroup: 50,
      fsGroup: 50,
    });
  });

  it("does not claim that root is not root", () => {
    expect(podSecurity({ uid: 0, gid: 0 })).toEqual({
      seccompProfile: { type: "RuntimeDefault" },
      runAsUser: 0,
      runAsGroup: 0,
    });
  });
});

describe("containerSecurity", () => {
  it("gives no privileges", () => {
    expect(containerSecurity()).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  });
});

describe("secretMode", () => {
  it("lets nobody but the unit's user read where that one is known", () => {
    expect(secretMode({ uid: 0 })).toBe(0o400);
    expect(secretMode({ uid: 1000 })).toBe(0o440);
    expect(secretMode(undefined)).toBe(0o444);
  });
});
