import type { JobPlan, UnitGroup } from "../plan/job-plan.ts";
import type { UnitRole } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";

/** A small group for tests of pure functions. */
export function sampleGroup(
  role: UnitRole,
  replicas: number,
  overrides: Partial<UnitGroup> = {},
): UnitGroup {
  return {
    role,
    lifecycle: "task",
    replicas,
    restart: { policy: "on-failure", maxRestarts: 2 },
    container: {
      image: "sample",
      command: [],
      env: {},
      resources: { cpuMillis: 100, cpuLimitMillis: 1000, memoryBytes: 2 ** 20, gpus: 0 },
      mounts: [],
      runtime: false,
      files: [],
      secrets: [],
      ports: [],
    },
    ...overrides,
  };
}

/** A small plan for tests of pure functions. */
export function samplePlan(
  completion: JobPlan["completion"],
  groups: readonly UnitGroup[],
): JobPlan {
  return { completion, groups, volumes: {}, external: false, minWorkers: 0, after: [], labels: {} };
}

/** A record for tests of pure functions. */
export function sampleRecord(plan: JobPlan, overrides: Partial<JobRecord> = {}): JobRecord {
  return {
    namespace: "default",
    name: "sample",
    uid: "uid",
    version: "1",
    createdAt: 0,
    spec: { type: "Sample", name: "sample", parameters: {}, files: [] },
    hash: "hash",
    plan,
    requestedWorkers: plan.groups.find((group) => group.role === "worker")?.replicas ?? 0,
    units: {},
    secrets: {},
    ...overrides,
  };
}
