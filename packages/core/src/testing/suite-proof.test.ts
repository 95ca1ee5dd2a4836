import { describe, expect, test } from "vitest";
import { BROKEN_BACKENDS } from "./broken/all-broken.ts";
import { memoryHarness } from "./memory-harness.ts";
import { runConformance } from "./run-conformance.ts";

// Long enough for the good parts of a broken backend, short enough to find out quickly that it hangs.
const patienceMs = 1500;

describe.concurrent("the suite rejects a backend that", () => {
  test.for(BROKEN_BACKENDS)("$fault", { timeout: 60_000 }, async (broken) => {
    const harness = memoryHarness({ ...broken.options, patienceMs });
    const results = await runConformance(harness, { ids: broken.rejectedBy });
    const outcomes = results.map(({ id, outcome }) => `${id}: ${outcome}`);
    expect(outcomes.toSorted()).toEqual(broken.rejectedBy.map((id) => `${id}: failed`).toSorted());
  });
});
