import { ManagerError } from "../errors/manager-error.ts";
import { isFinal } from "../status/job-status.ts";
import { updateRecord } from "../record/record-store.ts";
import { cancelled, throwIfAborted } from "./abortable.ts";
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
  signal?: AbortSignal,
): Promise<void> {
  const { store } = cluster.parts;
  const { namespace, name, uid } = record;
  await new Promise<void>((resolve, reject) => {
    let checking: Promise<void> | undefined;
    let again = false;
    const finish = (end: () => void): void => {
      unsubscribe();
      signal?.removeEventListener("abort", onAbort);
      end();
    };
    const check = async (): Promise<void> => {
      do {
        again = false;
        const current = await store.get(namespace, name);
        if (current?.uid !== uid) return finish(resolve);
      } while (again);
    };
    const look = (): void => {
      again = true;
      checking ??= check()
        .catch((error: unknown) =>
          finish(() => reject(error instanceof Error ? error : new Error(String(error)))),
        )
        .finally(() => (checking = undefined));
    };
    const onAbort = (): void =>
      finish(() => reject(signal ? cancelled(signal) : new Error("aborted")));
    const unsubscribe = cluster.pulse.subscribe((beat) => {
      if (beat.type === "store") look();
      if (beat.type === "disconnected") finish(() => reject(interrupted(name, beat.message)));
    });
    signal?.addEventListener("abort", onAbort, { once: true });
    look();
  });
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
