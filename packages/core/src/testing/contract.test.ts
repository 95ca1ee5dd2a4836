import { expect, test } from "vitest";
import { CONFORMANCE_AREAS, CONFORMANCE_CASES } from "./all-cases.ts";
import { renderContract } from "./contract.ts";

test("docs/backend-contract.md says what the suite examines", async () => {
  await expect(renderContract()).toMatchFileSnapshot("../../../../docs/backend-contract.md");
});

test("ids are unique and of their form", () => {
  const ids = CONFORMANCE_CASES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/);
});

test("every case is in the area that its id names, and has a rule", () => {
  for (const { name, cases } of CONFORMANCE_AREAS) {
    for (const { id, rule } of cases) {
      expect(id.split("/")[0]).toBe(name);
      expect(rule).toMatch(/^.{20,}\.$/);
    }
  }
});
