import { ManagerError } from "../errors/manager-error.ts";
import { isFinal } from "../status/job-status.ts";
import { updateRecord } from "../record/record-store.ts";
import { throwIfAborted } from "./abortable.ts";
import { Bell } from "./bell.ts";
import { viewRecords } from "./job-views.ts";
import type { UnitCluster } from "./unit-cluster.ts";

/** How to delete. */
export interface DeleteJobOptions {
  readonly force: boolean;
  /** For the message of JOB_INCOMPLETE. */
  readonly verb: "delete" | "replace";
}

/** See `ClusterBackend.delete`: marks the record, then waits until whoever acts has removed everything. */
export async function deleteJob(
  cluster: UnitCluster,
  namespace: string,
  name: string,
  options: DeleteJobOptions,
  signal?: AbortSignal,
): Promise<boolean> {
  throwIfAborted(signal);
  const { store } = cluster.parts;
  const record = await store.get(namespace, name);
  if (!record) return false;
  const [job] = await viewRecords(cluster, [record], undefined, signal);
  if (job && !options.force && job.status.phase !== "deleting" && !isFinal(job.status)) {
    throw new ManagerError(
      "JOB_INCOMPLETE",
      `Cannot ${options.verb} job ${name}: it is ${job.status.phase}.`,
      {
        details: { name, namespace, phase: job.status.phase },
        hint:
          options.verb === "delete"
            ? "Wait for it, or use --force."
            : "Wait for it, or use --replace with --force.",
      },
    );
  }
  await updateRecord(store, record, (current) =>
    current.deletionRequestedAt === undefined
      ? { ...current, deletionRequestedAt: cluster.now() }
      : undefined,
  );
  cluster.actor.start();
  cluster.actor.request();
  await cluster.parts.ensureAgent?.();
  await untilGone(cluster, record, signal);
  return true;
}

async function untilGone(
  cluster: UnitCluster,
  record: { namespace: string; name: string; uid: string },
  aborted?: AbortSignal,
): Promise<void> {
  const signal = AbortSignal.any([cluster.closing, ...(aborted ? [aborted] : [])]);
  throwIfAborted(signal);
  const bell = new Bell(signal);
  let lost: string | undefined;
  const unsubscribe = cluster.pulse.subscribe((beat) => {
    if (beat.type === "disconnected") lost = beat.message;
    if (beat.type === "disconnected" || beat.type === "store") bell.ring();
  });
  try {
    for (;;) {
      bell.reset();
      const current = await cluster.parts.store.get(record.namespace, record.name);
      if (current?.uid !== record.uid) return;
      throwIfAborted(signal);
      if (lost !== undefined) throw interrupted(record.name, lost);
      await bell.wait();
    }
  } finally {
    unsubscribe();
  }
}

function interrupted(name: string, message: string): ManagerError {
  return new ManagerError(
    "BACKEND_UNREACHABLE",
    `The engine went away while job ${name} was being deleted: ${message}`,
    {
      hint: "The deletion is on record and goes on when the engine is back and any jrun command runs.",
    },
  );
}
