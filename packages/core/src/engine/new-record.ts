import { randomBytes, randomUUID } from "node:crypto";
import type { JobPlan } from "../plan/job-plan.ts";
import type { NewJobRecord } from "../record/job-record.ts";
import type { JobSpec } from "../spec/job-spec.ts";

/** The record that claims a job's name. */
export function newRecord(
  namespace: string,
  spec: JobSpec,
  plan: JobPlan,
  hash: string,
  now: number,
): NewJobRecord {
  return {
    namespace,
    name: spec.name,
    uid: randomUUID(),
    createdAt: now,
    spec,
    hash,
    plan,
    requestedWorkers: workersOf(plan),
    units: {},
    secrets: makeSecrets(plan),
  };
}

/** The secrets that a plan wants, made anew. */
export function makeSecrets({ groups }: JobPlan): Record<string, string> {
  const names = new Set(groups.flatMap(({ container }) => container.secrets));
  // ASCII, 16 characters: Julia's limit for a cluster cookie.
  return Object.fromEntries([...names].map((name) => [name, randomBytes(8).toString("hex")]));
}

/** How many workers a plan asks for. */
export function workersOf({ groups }: JobPlan): number {
  return groups.find(({ role }) => role === "worker")?.replicas ?? 0;
}
