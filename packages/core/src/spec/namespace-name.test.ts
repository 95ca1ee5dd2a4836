import { expect, it } from "vitest";
import { namespaceNameSchema } from "./namespace-name.ts";

it.each([
  ["default", true],
  ["team-1", true],
  ["1a", true],
  ["", false],
  ["Team", false],
  ["a_b", false],
  ["-a", false],
  ["a".repeat(64), false],
])("judges %j", (name, valid) => {
  expect(namespaceNameSchema.safeParse(name).success).toBe(valid);
});
