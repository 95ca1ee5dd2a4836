import type { JobFilter, JobPage, PageRequest } from "../backend/cluster-backend.ts";
import { ManagerError } from "../errors/manager-error.ts";
import type { JobRecord } from "../record/job-record.ts";
import { throwIfAborted } from "./abortable.ts";
import { matches } from "./job-filter.ts";
import { viewRecords } from "./job-views.ts";
import type { UnitCluster } from "./unit-cluster.ts";

/** See `ClusterBackend.list`: one read of the store, and one listing of the engine when some job is not finished. */
export async function listJobs(
  cluster: UnitCluster,
  namespace: string,
  filter: JobFilter,
  page: PageRequest,
  signal?: AbortSignal,
): Promise<JobPage> {
  throwIfAborted(signal);
  const records = await cluster.parts.store.list({ namespace });
  const rest = page.continue === undefined ? records : after(records, page.continue);
  const jobs = await viewRecords(cluster, rest, undefined, signal);
  const found = jobs.filter((job) => matches(job, filter));
  const limit = page.limit ?? found.length;
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return found.length > shown.length && last
    ? { jobs: shown, next: toToken(last) }
    : { jobs: shown };
}

type Place = Pick<JobRecord, "createdAt" | "name">;

function toToken({ createdAt, name }: Place): string {
  return Buffer.from(JSON.stringify([createdAt, name])).toString("base64url");
}

/** Records behind a place: stays right when others come and go. */
function after(records: readonly JobRecord[], token: string): JobRecord[] {
  const place = fromToken(token);
  return records.filter(
    ({ createdAt, name }) =>
      createdAt > place.createdAt || (createdAt === place.createdAt && name > place.name),
  );
}

function fromToken(token: string): Place {
  try {
    const [createdAt, name]: unknown[] = JSON.parse(Buffer.from(token, "base64url").toString());
    if (typeof createdAt === "number" && typeof name === "string") return { createdAt, name };
  } catch {
    // Told below, like any other text that is no token.
  }
  throw new ManagerError(
    "SPEC_INVALID",
    "The `continue` of this list request is not one that a page gave.",
    { hint: "Give the page's `next` as it is." },
  );
}
