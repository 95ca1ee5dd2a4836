import type { ObservedUnit } from "../../engine/observed-unit.ts";
import { brokenParts, type BrokenBackend } from "./broken-backend.ts";
import { Life, mortalParts } from "../mortal-parts.ts";
import { withEngine } from "./with-engine.ts";

/** Faults below the backend's calls: in its engine, its lease, its sums. */
export const BROKEN_PARTS: readonly BrokenBackend[] = [
  brokenParts("starts every unit twice", ["recovery/no-unit-twice"], (parts) =>
    withEngine(parts, (engine) => ({
      start: async (request, signal) => {
        await engine.start({ ...request, attempt: request.attempt + 1 }, signal);
        return engine.start(request, signal);
      },
    })),
  ),
  brokenParts("starts failed units too often", ["lifecycle/restart-limit"], (parts) =>
    withEngine(parts, (engine) => ({
      start: async (request, signal) =>
        engine.start({ ...request, restartsLeft: request.restartsLeft * 2 }, signal),
    })),
  ),
  brokenParts("does not name memory as the reason", ["lifecycle/out-of-memory"], (parts) =>
    withEngine(parts, (engine) => ({
      observe: async (detailed, signal) => {
        const units = await engine.observe(detailed, signal);
        return units.map((unit): ObservedUnit => Object.assign({}, unit, { outOfMemory: false }));
      },
    })),
  ),
  brokenParts("kills instead of stopping", ["lifecycle/stop-reaches-program"], (parts, world) =>
    withEngine(parts, () => ({
      stop: async (unit) => world.find(unit)?.kill(),
    })),
  ),
  brokenParts(
    "leaves workers running when the master has ended",
    ["follow/workers-of-a-master"],
    (parts) => withEngine(parts, () => ({ stop: async () => undefined })),
  ),
  brokenParts("refuses images too late", ["refusal/missing-image"], (parts) =>
    withEngine(parts, () => ({ prepare: async () => undefined })),
  ),
  brokenParts(
    "looks at quotas only before it stores",
    ["quota/two-at-once"],
    ({ store, ...parts }) => {
      const { store: same } = mortalParts({ store, ...parts }, new Life(Infinity));
      return { ...parts, store: { ...same, create: async (record) => store.create(record) } };
    },
  ),
  brokenParts(
    "promises more than there is",
    ["queue/waits", "queue/never-more-than-fits"],
    (parts, world) => ({
      ...parts,
      capacity: { ...world.capacity, cpuMillis: world.capacity.cpuMillis * 10 },
    }),
  ),
  brokenParts(
    "keeps the right to act when it closes",
    ["recovery/workers-after-takeover", "queue/takeover"],
    (parts) => ({
      ...parts,
      lease: {
        acquire: async () => parts.lease.acquire(),
        held: () => parts.lease.held(),
        release: async () => undefined,
        onFree: (listener) => parts.lease.onFree(listener),
      },
    }),
  ),
];
