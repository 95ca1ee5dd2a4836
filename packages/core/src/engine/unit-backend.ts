import type { ClusterInfo } from "../backend/cluster-info.ts";
import type {
  ClusterBackend,
  Credentials,
  Endpoint,
  JobFilter,
  JobPage,
  PageRequest,
  SubmitOptions,
  SubmitResult,
  UnitUsage,
} from "../backend/cluster-backend.ts";
import type { Job, JobEvent } from "../backend/job.ts";
import type { VolumeAccess, VolumeShell } from "../backend/volume-shell.ts";
import { ManagerError } from "../errors/manager-error.ts";
import type { LogBatches, LogQuery } from "../logs/log-entry.ts";
import type { JobPlan } from "../plan/job-plan.ts";
import { unitName } from "../plan/unit-id.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import { throwIfAborted } from "./abortable.ts";
import { allocation } from "./allocation.ts";
import { deleteJob } from "./delete-job.ts";
import { viewRecords } from "./job-views.ts";
import { listJobs } from "./list-jobs.ts";
import { notFound } from "./not-found.ts";
import { scaleJob } from "./scale-job.ts";
import { submitJob } from "./submit-job.ts";
import { updateJob } from "./update-job.ts";
import { UnitCluster, type UnitClusterParts } from "./unit-cluster.ts";
import { watchJobs } from "./watch-jobs.ts";

/** {@link UnitClusterParts} and the namespace to work in. */
export interface UnitBackendOptions extends UnitClusterParts {
  readonly namespace: string;
}

/**
 * A `ClusterBackend` for an engine that runs single containers: intent is in the record store, facts come from the engine,
 * and an actor in whichever process holds the lease makes the one follow the other.
 */
export class UnitBackend implements ClusterBackend {
  readonly namespace: string;
  readonly #cluster: UnitCluster;
  #closed: Promise<void> | undefined;

  constructor(options: UnitBackendOptions, shared?: UnitCluster) {
    this.namespace = options.namespace;
    this.#cluster = shared ?? new UnitCluster(options);
    this.#cluster.retain();
  }

  async describe(signal?: AbortSignal): Promise<ClusterInfo> {
    throwIfAborted(signal);
    const info = await this.#cluster.parts.engine.describe(this.namespace, signal);
    return allocation(this.#cluster, info, signal);
  }

  async submit(spec: JobSpec, plan: JobPlan, options: SubmitOptions = {}): Promise<SubmitResult> {
    return submitJob(this.#cluster, this.namespace, spec, plan, options);
  }

  async inspect(name: string, signal?: AbortSignal): Promise<Job> {
    const record = await this.#record(name, signal);
    const [job] = await viewRecords(this.#cluster, [record], record.uid, signal);
    if (!job) throw notFound(this.namespace, name);
    return job;
  }

  async list(
    filter: JobFilter = {},
    page: PageRequest = {},
    signal?: AbortSignal,
  ): Promise<JobPage> {
    return listJobs(this.#cluster, this.namespace, filter, page, signal);
  }

  watch(
    filter: JobFilter = {},
    signal: AbortSignal = new AbortController().signal,
  ): AsyncIterable<JobEvent> {
    this.#cluster.actor.start();
    return watchJobs(this.#cluster, this.namespace, filter, signal);
  }

  async scale(name: string, workers: number, signal?: AbortSignal): Promise<void> {
    return scaleJob(this.#cluster, this.namespace, name, workers, signal);
  }

  async update(name: string, spec: JobSpec, plan: JobPlan, signal?: AbortSignal): Promise<Job> {
    return updateJob(this.#cluster, this.namespace, name, { spec, plan }, signal);
  }

  async endpoint(name: string, signal?: AbortSignal): Promise<Endpoint> {
    return this.#cluster.parts.engine.endpoint(await this.#exposed(name, signal), signal);
  }

  async proxy(name: string, port?: string, signal?: AbortSignal): Promise<string> {
    return this.#cluster.parts.engine.proxy(await this.#exposed(name, signal), port, signal);
  }

  async delete(
    name: string,
    options: { readonly force?: boolean } = {},
    signal?: AbortSignal,
  ): Promise<boolean> {
    return deleteJob(
      this.#cluster,
      this.namespace,
      name,
      { force: options.force ?? false, verb: "delete" },
      signal,
    );
  }

  logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    if (query.follow) this.#cluster.actor.start();
    return this.#cluster.parts.logger.logs(this.namespace, query, signal);
  }

  async usage(names?: readonly string[], signal?: AbortSignal): Promise<UnitUsage[]> {
    throwIfAborted(signal);
    const records = await this.#cluster.parts.store.list({
      namespace: this.namespace,
      active: true,
    });
    const wanted = new Map(
      records
        .filter((record) => names?.includes(record.name) ?? true)
        .map((record) => [record.uid, record.name]),
    );
    const units = (
      await this.#cluster.parts.engine.observe(
        () => false,
        signal,
        () => new Set(),
      )
    ).filter((unit) => wanted.has(unit.jobUid) && unit.state === "running");
    const jobOf = (uid: string): string => wanted.get(uid) ?? "";
    const usage = await this.#cluster.parts.engine.usage(units, signal);
    return usage.map(({ jobUid, unit, cpuMillis, memoryBytes, at }) => ({
      job: jobOf(jobUid),
      unit,
      cpuMillis,
      memoryBytes,
      at,
    }));
  }

  async as(credentials: Credentials | undefined, namespace: string): Promise<ClusterBackend> {
    const { open } = this.#cluster.parts;
    if (open) return new UnitBackend({ ...(await open(credentials, namespace)), namespace });
    if (credentials && credentials.type !== "none") {
      throw new ManagerError(
        "CAPABILITY_UNSUPPORTED",
        `This cluster knows no users: it cannot accept credentials of type ${credentials.type}.`,
        {
          hint: "Use credentials of type none.",
        },
      );
    }
    return new UnitBackend({ ...this.#cluster.parts, namespace }, this.#cluster);
  }

  async openVolume(access: VolumeAccess, signal?: AbortSignal): Promise<VolumeShell> {
    throwIfAborted(signal);
    const { engine } = this.#cluster.parts;
    if (engine.openVolume) return engine.openVolume(this.namespace, access, signal);
    throw new ManagerError(
      "CAPABILITY_UNSUPPORTED",
      `This cluster cannot copy files to or from volume ${access.volume}.`,
    );
  }

  /** Acts for all namespaces of the engine until nothing is left to do or the signal aborts: what an agent process does. */
  async actUntilIdle(signal: AbortSignal): Promise<void> {
    this.#cluster.actor.start();
    await this.#cluster.actor.untilIdle(signal);
  }

  /** Whether {@link actUntilIdle} would find nothing to do. */
  async isIdle(): Promise<boolean> {
    return this.#cluster.actor.isIdle();
  }

  async close(): Promise<void> {
    this.#closed ??= this.#cluster.release();
    return this.#closed;
  }

  async #record(name: string, signal?: AbortSignal): Promise<JobRecord> {
    throwIfAborted(signal);
    const record = await this.#cluster.parts.store.get(this.namespace, name);
    if (!record) throw notFound(this.namespace, name);
    return record;
  }

  async #exposed(name: string, signal?: AbortSignal): Promise<JobRecord> {
    const record = await this.#record(name, signal);
    if (!record.plan.groups.some((group) => group.container.ports.length > 0)) {
      throw new ManagerError("CAPABILITY_UNSUPPORTED", `Job ${name} has no ports.`, {
        hint: "Submit it with the parameter ports.",
      });
    }
    const { status } = await this.inspect(name, signal);
    if (status.phase === "running") return record;
    const units = status.units.map((unit) => `${unitName(unit)} ${unit.phase}`).join(", ");
    throw new ManagerError(
      "STATE_CONFLICT",
      `Job ${name} is ${status.phase} (${units}): it has no endpoint now.`,
      {
        hint: "Wait until it runs.",
      },
    );
  }
}
