import { expect, it } from "vitest";
import { NoAccounting } from "./no-accounting.ts";

it("accepts what programs publish, and keeps nothing", async () => {
  const accounting = new NoAccounting();
  expect(accounting.enabled).toBe(false);
  await expect(
    Promise.all([
      accounting.setup(),
      accounting.record(),
      accounting.cleanup(),
      accounting.close(),
    ]),
  ).resolves.toHaveLength(4);
  await expect(accounting.rusage()).resolves.toEqual([]);
  await expect(accounting.metrics()).resolves.toEqual([]);
});
