import { ManagerError } from "../errors/manager-error.ts";
import type { JobRecord } from "../record/job-record.ts";
import { waitedFor } from "../reconcile/waited-for.ts";
import type { JobPlan } from "./job-plan.ts";

/** The only job type that may use such a disk (manual: Storage Resources, ebs). */
const ONLY_TYPE = "JuliaBatch";

interface Disk {
  readonly volume: string;
  /** The disk itself: several volumes may lead to it. */
  readonly id: string;
}

/** The disks of a plan that can be attached to one machine only. */
function disksOf({ volumes }: Pick<JobPlan, "volumes">): Disk[] {
  return Object.entries(volumes).flatMap(([volume, source]) =>
    source.kind === "ebs" ? [{ volume, id: source.volumeId }] : [],
  );
}

/**
 * Refuses an `ebs` volume in a job of another type than JuliaBatch: its units could be on several machines. Pure.
 * @throws ManagerError SPEC_INVALID naming the volume.
 */
export function checkDiskUse(type: string, name: string, plan: JobPlan): void {
  const [disk] = type === ONLY_TYPE ? [] : disksOf(plan);
  if (!disk) return;
  throw new ManagerError(
    "SPEC_INVALID",
    `${type} ${JSON.stringify(name)} names the volume ${disk.volume} of kind ebs, which only a single ${ONLY_TYPE} job can use.`,
    {
      hint: "Use a volume of another kind, or copy what it needs in a JuliaBatch job before.",
      details: { volume: disk.volume },
    },
  );
}

/**
 * Refuses a job that mounts a disk which another unfinished job mounts, also one that is being deleted. Jobs that it waits for have
 * ended by then. Pure.
 * @throws ManagerError INSUFFICIENT_CAPACITY naming disk and job.
 */
export function checkDisksFree(
  job: Pick<JobRecord, "namespace" | "name" | "plan">,
  others: readonly JobRecord[],
): void {
  const disks = disksOf(job.plan);
  if (disks.length === 0) return;
  const earlier = waitedFor(job, others);
  for (const other of others) {
    const same = other.namespace === job.namespace;
    if (other.outcome || (same && (other.name === job.name || earlier.has(other.name)))) continue;
    const theirs = new Set(disksOf(other.plan).map(({ id }) => id));
    const held = disks.find(({ id }) => theirs.has(id));
    if (!held) continue;
    throw new ManagerError(
      "INSUFFICIENT_CAPACITY",
      `Job ${other.name} in namespace ${other.namespace} uses the disk ${held.id} of volume ${held.volume}, which only one job can use at a time.`,
      {
        hint: `Wait until job ${other.name} has ended, or have this job wait by \`after\`.`,
        details: { volume: held.volume, name: other.name, namespace: other.namespace },
      },
    );
  }
}

/** Whether a plan mounts a disk that only one job can use at a time. */
export function hasSingleDisk(plan: JobPlan): boolean {
  return disksOf(plan).length > 0;
}
