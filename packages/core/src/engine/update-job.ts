import type { Job } from "../backend/job.ts";
import { ManagerError } from "../errors/manager-error.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { isService, revisionOf } from "../plan/service-plan.ts";
import type { JobRecord, UnitRecord } from "../record/job-record.ts";
import { updateRecord } from "../record/record-store.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { specHash } from "../spec/spec-hash.ts";
import { throwIfAborted } from "./abortable.ts";
import { viewRecords } from "./job-views.ts";
import { makeSecrets, workersOf } from "./new-record.ts";
import { notFound } from "./not-found.ts";
import { refuseDeleted, refuseFinished } from "./refuse-change.ts";
import { refuseImpossible } from "./refuse-impossible.ts";
import { refuseOverQuota } from "./refuse-over-quota.ts";
import type { UnitCluster } from "./unit-cluster.ts";

/** A service's next spec. */
export interface ServiceUpdate {
  readonly spec: JobSpec;
  readonly plan: JobPlan;
}

/**
 * See `ClusterBackend.update`: puts the new spec into the record; whoever acts then replaces the units one after another. What can
 * be refused is refused before anything is changed.
 */
export async function updateJob(
  cluster: UnitCluster,
  namespace: string,
  name: string,
  update: ServiceUpdate,
  signal?: AbortSignal,
): Promise<Job> {
  throwIfAborted(signal);
  const { store, engine } = cluster.parts;
  const record = await store.get(namespace, name);
  if (!record) throw notFound(namespace, name);
  refuseUnlike(record, update);
  refuseChanged(record);
  await refuseImpossible(cluster, { namespace, name, plan: update.plan }, signal);
  await engine.prepare(update.plan, undefined, signal);
  const quota = cluster.quotaOf(namespace);
  const change = (current: JobRecord): JobRecord | undefined => {
    refuseChanged(current);
    return updatedRecord(current, update);
  };
  const refuse =
    quota &&
    ((next: JobRecord, others: readonly JobRecord[]) => refuseOverQuota(quota, next, others));
  const changed = await updateRecord(store, record, change, refuse);
  if (!changed) throw notFound(namespace, name);
  cluster.actor.start();
  cluster.actor.request();
  await cluster.parts.ensureAgent?.();
  const [job] = await viewRecords(cluster, [changed], undefined, signal);
  if (!job) throw notFound(namespace, name);
  return job;
}

/** The record with the next revision; undefined where the spec is the one that it has. Pure but for new secrets. */
export function updatedRecord(
  record: JobRecord,
  { spec, plan }: ServiceUpdate,
): JobRecord | undefined {
  const hash = specHash(spec);
  const [before, after] = [workersOf(record.plan), workersOf(plan)];
  const requestedWorkers = before === after ? record.requestedWorkers : after;
  if (hash === record.hash)
    return requestedWorkers === record.requestedWorkers
      ? undefined
      : { ...record, spec, plan, requestedWorkers };
  return {
    ...record,
    spec,
    plan,
    hash,
    revision: revisionOf(record) + 1,
    updateStalled: false,
    requestedWorkers,
    // What could not be started gets another chance.
    units: Object.fromEntries(
      Object.entries(record.units).map(([name, unit]) => [name, withoutEnd(unit)]),
    ),
    secrets: { ...makeSecrets(plan), ...record.secrets },
  };
}

function withoutEnd(unit: UnitRecord): UnitRecord {
  return unit.final ? { attempt: unit.attempt + 1, priorRestarts: 0 } : unit;
}

function refuseChanged(record: JobRecord): void {
  refuseDeleted(record);
  refuseFinished(record, "update");
}

/** Only a service's containers are replaced: it stays the same job at the same place. */
function refuseUnlike(record: JobRecord, { spec, plan }: ServiceUpdate): void {
  const { name } = record;
  if (!isService(record.plan)) {
    throw new ManagerError(
      "CAPABILITY_UNSUPPORTED",
      `Cannot update job ${name}: a ${record.spec.type} is a task, which runs once.`,
      { hint: "Submit it again with --replace." },
    );
  }
  const other =
    spec.name !== name
      ? "name"
      : spec.type !== record.spec.type || shapeOf(plan) !== shapeOf(record.plan)
        ? "type"
        : portsOf(plan) === portsOf(record.plan)
          ? undefined
          : "ports";
  if (other === undefined) return;
  throw new ManagerError(
    "SPEC_INVALID",
    `Cannot update job ${name}: an update may not change its ${other}.`,
    { hint: "Submit it again with --replace and --force.", details: { parameter: other } },
  );
}

function shapeOf({ completion, groups }: JobPlan): string {
  return JSON.stringify([completion, groups.map(({ role, lifecycle }) => [role, lifecycle])]);
}

function portsOf({ external, groups }: JobPlan): string {
  return JSON.stringify([external, groups.map(({ container }) => container.ports)]);
}
