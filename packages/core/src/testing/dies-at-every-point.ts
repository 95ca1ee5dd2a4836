import assert from "node:assert/strict";
import type { ClusterBackend } from "../backend/cluster-backend.ts";
import type { CaseContext } from "./case-context.ts";

/** More calls than any operation needs, also of a process that looks often because the engine is slow. */
const MOST_CALLS = 1000;
/** Later points are tried with gaps that grow: what happens there repeats itself. */
const GAP_FROM = 20;
const GAP_SHARE = 8;

/**
 * Lets a process do something and be killed in the middle of it: before its first call to the outside, its second, …
 * until it gets through alive. After each death another process comes, and `check` says what must be true then.
 */
export async function diesAtEveryPoint(
  context: CaseContext,
  operate: (backend: ClusterBackend, point: number) => Promise<unknown>,
  check: (next: ClusterBackend, point: number) => Promise<void>,
): Promise<void> {
  for (let point = 1; point <= MOST_CALLS; point = nextPoint(point, context)) {
    const mortal = await context.control("mortalInstance")(point);
    const operation = operate(mortal.backend, point).then(() => "done" as const);
    operation.catch(() => undefined);
    const end = await context.soon(
      `the end of the operation or of its process (point ${point})`,
      Promise.race([operation, mortal.died.then(() => "died" as const)]),
    );
    await mortal.kill();
    const next = await context.another();
    await check(next, point);
    await next.close();
    if (end === "done") return;
  }
  assert.fail(`not done after ${MOST_CALLS} calls`);
}

function nextPoint(point: number, { deathStep }: CaseContext): number {
  return (
    point + (point < GAP_FROM ? deathStep : Math.max(deathStep, Math.floor(point / GAP_SHARE)))
  );
}
