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
} from "../../backend/cluster-backend.ts";
import type { ClusterInfo } from "../../backend/cluster-info.ts";
import type { Job, JobEvent } from "../../backend/job.ts";
import type { LogBatches, LogQuery } from "../../logs/log-entry.ts";
import type { MemoryWorld } from "../../memory/memory-world.ts";
import type { JobPlan } from "../../plan/job-plan.ts";
import type { JobSpec } from "../../spec/job-spec.ts";

/** A backend that hands every call on; broken ones override the call that they break. */
export class PassThrough implements ClusterBackend {
  protected readonly inner: ClusterBackend;
  protected readonly world: MemoryWorld;

  constructor(inner: ClusterBackend, world: MemoryWorld) {
    this.inner = inner;
    this.world = world;
  }

  get namespace(): string {
    return this.inner.namespace;
  }

  async describe(signal?: AbortSignal): Promise<ClusterInfo> {
    return this.inner.describe(signal);
  }

  async submit(spec: JobSpec, plan: JobPlan, options?: SubmitOptions): Promise<SubmitResult> {
    return this.inner.submit(spec, plan, options);
  }

  async inspect(name: string, signal?: AbortSignal): Promise<Job> {
    return this.inner.inspect(name, signal);
  }

  async list(filter?: JobFilter, page?: PageRequest, signal?: AbortSignal): Promise<JobPage> {
    return this.inner.list(filter, page, signal);
  }

  watch(filter?: JobFilter, signal?: AbortSignal): AsyncIterable<JobEvent> {
    return this.inner.watch(filter, signal);
  }

  async scale(name: string, workers: number, signal?: AbortSignal): Promise<void> {
    return this.inner.scale(name, workers, signal);
  }

  async update(name: string, spec: JobSpec, plan: JobPlan, signal?: AbortSignal): Promise<Job> {
    return this.inner.update(name, spec, plan, signal);
  }

  async endpoint(name: string, signal?: AbortSignal): Promise<Endpoint> {
    return this.inner.endpoint(name, signal);
  }

  async proxy(name: string, port?: string, signal?: AbortSignal): Promise<string> {
    return this.inner.proxy(name, port, signal);
  }

  async delete(
    name: string,
    options?: { readonly force?: boolean },
    signal?: AbortSignal,
  ): Promise<boolean> {
    return this.inner.delete(name, options, signal);
  }

  logs(query: LogQuery, signal?: AbortSignal): LogBatches {
    return this.inner.logs(query, signal);
  }

  async usage(names?: readonly string[], signal?: AbortSignal): Promise<UnitUsage[]> {
    return this.inner.usage(names, signal);
  }

  async as(credentials: Credentials | undefined, namespace: string): Promise<ClusterBackend> {
    return this.inner.as(credentials, namespace);
  }

  async close(): Promise<void> {
    return this.inner.close();
  }
}
