import { expect, it } from "vitest";
import { NoScaling } from "./no-scaling.ts";

it("does not pretend to scale", async () => {
  const scaling = new NoScaling();
  expect(scaling.enabled).toBe(false);
  const refused = expect.objectContaining({ code: "CAPABILITY_UNSUPPORTED" });
  await expect(scaling.size()).rejects.toEqual(refused);
  await expect(scaling.resize()).rejects.toEqual(refused);
  await expect(scaling.remove()).rejects.toEqual(refused);
  await expect(scaling.close()).resolves.toBeUndefined();
});
