import type { Accounting, MetricPoint, MetricRow } from "../accounting/accounting.ts";
import type {
  ClusterBackend,
  Credentials,
  Endpoint,
  JobFilter,
  JobPage,
  PageRequest,
  SubmitOptions,
  SubmitResult,
} from "../backend/cluster-backend.ts";
import type { Job, JobEvent } from "../backend/job.ts";
import type { VolumeShell } from "../backend/volume-shell.ts";
import { isManagerError, ManagerError } from "../errors/manager-error.ts";
import type { JobRequest } from "../job-types/job-request.ts";
import type { JobType } from "../job-types/job-type.ts";
import type { LogEntry } from "../logs/log-entry.ts";
import { makePlan } from "../plan/make-plan.ts";
import type { VolumeSource } from "../plan/volume-source.ts";
import { makeSpec } from "../spec/make-spec.ts";
import { specHash } from "../spec/spec-hash.ts";
import { isFinal, type JobStatus } from "../status/job-status.ts";
import type {
  CallOptions,
  ClusterStatus,
  ClusterStatusOptions,
  DeleteOptions,
  MetricsOptions,
  PlannedJob,
  RecordMetricsOptions,
  ShowMetricsOptions,
  TailOptions,
  WaitOptions,
} from "./context-options.ts";
import type { ContextParts } from "./context-parts.ts";
import { openVolume, type OpenVolumeOptions } from "../copy/open-volume.ts";
import { jobName, type JobRef } from "./job-ref.ts";
import { parseScaleTarget, scaleSteps, type ScaleTarget } from "./scale-range.ts";
import { scaleStepwise, toScale, type JobScale, type ScaleOptions } from "./scale-stepwise.ts";
import { showMetrics } from "./show-metrics.ts";
import { watchJob } from "./watch-job.ts";
import { writeLog } from "./write-log.ts";

/**
 * Cluster, namespace and credentials: every call of the manual's API. Calls throw only ManagerError, and end with
 * `CANCELLED` (or `TIMED_OUT`) when their signal aborts. Close it when done, or hold it by `await using`.
 */
export class Context implements AsyncDisposable {
  readonly #parts: ContextParts;
  readonly #derived: boolean;
  #backend: ClusterBackend;

  constructor(parts: ContextParts, derived = false) {
    this.#parts = parts;
    this.#derived = derived;
    this.#backend = parts.backend;
  }

  get namespace(): string {
    return this.#backend.namespace;
  }

  /** The job types that can be submitted. */
  get jobTypes(): readonly JobType[] {
    return this.#parts.jobTypes.list();
  }

  /** The configured volumes by name. */
  get volumes(): Readonly<Record<string, VolumeSource>> {
    return this.#parts.plans.volumes;
  }

  /** The backend itself, for what the calls of a context do not cover. */
  get backend(): ClusterBackend {
    return this.#backend;
  }

  // Authentication

  /**
   * A new context with other credentials, and another namespace or server where given (manual: `authenticate`).
   * Close it before the one that it came from.
   * @throws UNAUTHENTICATED, CAPABILITY_UNSUPPORTED.
   */
  async authenticate(
    credentials: Credentials,
    namespace: string = this.namespace,
    server?: string,
  ): Promise<Context> {
    const backend = await this.#authenticated(credentials, namespace, server);
    return new Context({ ...this.#parts, backend }, true);
  }

  /** Changes this context's credentials, namespace, server (manual: `authenticate!`). @throws as `authenticate`. */
  async authenticateInPlace(
    credentials: Credentials,
    namespace: string = this.namespace,
    server?: string,
  ): Promise<this> {
    await this.#exchange(await this.#authenticated(credentials, namespace, server));
    return this;
  }

  /** Changes this context's namespace (manual: `namespace!`). */
  async useNamespace(namespace: string): Promise<this> {
    await this.#exchange(await this.#backend.as(undefined, namespace));
    return this;
  }

  async #authenticated(
    credentials: Credentials,
    namespace: string,
    server: string | undefined,
  ): Promise<ClusterBackend> {
    if (server === undefined) return this.#backend.as(credentials, namespace);
    const { connect } = this.#parts;
    if (!connect)
      throw new ManagerError(
        "CAPABILITY_UNSUPPORTED",
        `This context cannot change its server to ${server}.`,
      );
    const other = await connect(server, namespace);
    try {
      return await other.as(credentials, namespace);
    } finally {
      await other.close();
    }
  }

  async #exchange(backend: ClusterBackend): Promise<void> {
    const old = this.#backend;
    this.#backend = backend;
    await old.close();
  }

  // Submission

  /** Checks and plans a job without submitting it. @throws SPEC_INVALID. */
  plan(job: JobRequest): PlannedJob {
    const type = this.#parts.jobTypes.get(job.type);
    const spec = makeSpec(type, job);
    const plan = makePlan(type, spec, { ...this.#parts.plans, namespace: this.namespace });
    return { spec, plan, hash: specHash(spec) };
  }

  /**
   * Submits a job (manual: `submit`); never waits for resources. `created` is false when the very same job is there
   * already, running or finished: it is then left alone, unless `replace` is given.
   * @throws SPEC_INVALID, and what `ClusterBackend.submit` throws.
   */
  async submit(job: JobRequest, options: SubmitOptions = {}): Promise<SubmitResult> {
    const { spec, plan } = this.plan(job);
    return this.#backend.submit(spec, plan, options);
  }

  /**
   * Gives a service another spec; its units are replaced one after another, with never fewer ready than before. Does not wait for
   * that: the status says how far it is, and where it has stopped.
   * @throws SPEC_INVALID, and what `ClusterBackend.update` throws.
   */
  async update(job: JobRequest, options: CallOptions = {}): Promise<Job> {
    const { spec, plan } = this.plan(job);
    return this.#backend.update(spec.name, spec, plan, options.signal);
  }

  /** Where a job's ports can be reached (manual: `endpoint`). @throws JOB_NOT_FOUND, CAPABILITY_UNSUPPORTED, STATE_CONFLICT. */
  async endpoint(job: JobRef, options: CallOptions = {}): Promise<Endpoint> {
    return this.#backend.endpoint(jobName(job), options.signal);
  }

  /** URL of a job's HTTP port through the cluster (manual: `endpoint_proxy`). @throws as `endpoint`. */
  async endpointProxy(job: JobRef, port?: string, options: CallOptions = {}): Promise<string> {
    return this.#backend.proxy(jobName(job), port, options.signal);
  }

  // Monitoring

  /** Whether the cluster answers (manual: `status(ctx)`). */
  status(options?: ClusterStatusOptions & { readonly verbose?: false }): Promise<boolean>;
  /** The cluster with its nodes and capacity. */
  status(options: ClusterStatusOptions & { readonly verbose: true }): Promise<ClusterStatus>;
  /** Status of a job (manual: `status(ctx, job)`). @throws JOB_NOT_FOUND. */
  status(job: JobRef, options?: CallOptions): Promise<JobStatus>;
  async status(
    subject: JobRef | ClusterStatusOptions = {},
    options: CallOptions = {},
  ): Promise<boolean | ClusterStatus | JobStatus> {
    if (typeof subject === "string" || "name" in subject)
      return (await this.inspect(subject, options)).status;
    const status = await this.#clusterStatus(subject.signal);
    return subject.verbose === true ? status : status.up;
  }

  async #clusterStatus(signal: AbortSignal | undefined): Promise<ClusterStatus> {
    try {
      return { up: true, cluster: await this.#backend.describe(signal) };
    } catch (error) {
      if (!isManagerError(error, "BACKEND_UNREACHABLE")) throw error;
      return { up: false, error };
    }
  }

  /** A job with its spec and status. @throws JOB_NOT_FOUND. */
  async inspect(job: JobRef, options: CallOptions = {}): Promise<Job> {
    return this.#backend.inspect(jobName(job), options.signal);
  }

  /** All jobs that match, by time of submit (manual: `list`). */
  async list(filter: JobFilter = {}, options: CallOptions = {}): Promise<Job[]> {
    const jobs: Job[] = [];
    let page: JobPage | undefined;
    do {
      page = await this.#backend.list(
        filter,
        page?.next === undefined ? {} : { continue: page.next },
        options.signal,
      );
      jobs.push(...page.jobs);
    } while (page.next !== undefined);
    return jobs;
  }

  /** A part of the list, for very many jobs. */
  async listPage(
    filter: JobFilter,
    page: PageRequest,
    options: CallOptions = {},
  ): Promise<JobPage> {
    return this.#backend.list(filter, page, options.signal);
  }

  /** A snapshot, then every change; survives disconnects. Ends when the signal aborts. */
  watch(filter: JobFilter = {}, options: CallOptions = {}): AsyncIterable<JobEvent> {
    return this.#backend.watch(filter, options.signal);
  }

  /**
   * Log entries (manual: `tail`), of all jobs of the namespace where none is named. With `follow`, ends when the job is
   * finished or the signal aborts. @throws JOB_NOT_FOUND, SPEC_INVALID.
   */
  async *tail(options: TailOptions = {}): AsyncGenerator<LogEntry, void, undefined> {
    for await (const batch of this.tailBatches(options)) yield* batch;
  }

  /** As {@link Context.tail}, entries in batches as they come. */
  tailBatches({ job, signal, ...rest }: TailOptions = {}): AsyncIterable<readonly LogEntry[]> {
    const query = job === undefined ? rest : { ...rest, job: jobName(job) };
    const { logger } = this.#parts;
    return logger ? logger.logs(this.namespace, query, signal) : this.#backend.logs(query, signal);
  }

  /** Writes log lines to a stream until there are no more or the stream is closed (manual: `tail` with `output`). */
  async tailTo(output: WritableStream<Uint8Array>, options: TailOptions = {}): Promise<void> {
    await writeLog((closed) => {
      const signal = options.signal ? AbortSignal.any([options.signal, closed]) : closed;
      return this.tail({ ...options, signal });
    }, output);
  }

  // Scaling and termination

  /** Number of workers, running and requested (manual: `scale`). @throws JOB_NOT_FOUND. */
  async scale(job: JobRef, options: CallOptions = {}): Promise<JobScale> {
    return toScale(await this.status(job, options));
  }

  /**
   * Asks for a number of workers, without waiting for them; or goes through the steps of a range, `"1:2:9"` or
   * `{ start, step, stop }`, each of which waits until it is satisfied (manual: `scale!`). Returns the scale at the end.
   * @throws SPEC_INVALID, STATE_CONFLICT when a step can no longer be satisfied; JOB_NOT_FOUND.
   */
  async scaleTo(job: JobRef, target: ScaleTarget, options: ScaleOptions = {}): Promise<JobScale> {
    const name = jobName(job);
    const wanted = typeof target === "string" ? parseScaleTarget(target) : target;
    if (typeof wanted !== "number")
      return scaleStepwise(this.#backend, name, scaleSteps(wanted), options);
    await this.#backend.scale(name, wanted, options.signal);
    return this.scale(name, options);
  }

  /**
   * Waits until the job is finished (manual: `wait`) and returns its final status, also that of a failed job.
   * @throws JOB_NOT_FOUND when there is no such job, or it is deleted meanwhile.
   */
  async wait(job: JobRef, options: WaitOptions = {}): Promise<JobStatus> {
    const name = jobName(job);
    return watchJob(this.#backend, {
      name,
      doing: `waiting for job ${name}`,
      signal: options.signal,
      until: ({ status }) => {
        options.onChange?.(status);
        return isFinal(status) ? status : undefined;
      },
    });
  }

  /**
   * Removes a job with everything that belongs to it; false when there was none (manual: `delete!`).
   * @throws JOB_INCOMPLETE unless the job is finished or `force` is given.
   */
  async delete(job: JobRef, options: DeleteOptions = {}): Promise<boolean> {
    return this.#backend.delete(jobName(job), { force: options.force ?? false }, options.signal);
  }

  // Files

  /**
   * Opens a container with a volume in it, for `copyToVolume()` and `copyFromVolume()` of `@juliarun/sdk`; close it when done.
   * @throws VOLUME_NOT_FOUND, SPEC_INVALID for a volume that cannot be copied to or from, CAPABILITY_UNSUPPORTED, FORBIDDEN.
   */
  async openVolume(volume: string, options: OpenVolumeOptions): Promise<VolumeShell> {
    return openVolume(this.#backend, this.#parts.plans, volume, options);
  }

  // Metrics

  /** What records metrics; `enabled` is false where nothing is recorded. */
  get accounting(): Accounting {
    return this.#parts.accounting;
  }

  /** Default rules of aggregation and retention (manual: `setup_metrics`). */
  async setupMetrics(options: CallOptions = {}): Promise<void> {
    await this.accounting.setup(options.signal);
  }

  /** Removes those rules and what was aggregated by them (manual: `cleanup_metrics`). */
  async cleanupMetrics(options: CallOptions = {}): Promise<void> {
    await this.accounting.cleanup(options.signal);
  }

  /** Records one metric, or several by name with the same time and tags (manual: both forms of `record_metrics`). */
  recordMetrics(resource: string, value: number, options?: RecordMetricsOptions): Promise<void>;
  recordMetrics(
    metrics: Readonly<Record<string, number>>,
    options?: RecordMetricsOptions,
  ): Promise<void>;
  async recordMetrics(
    metrics: string | Readonly<Record<string, number>>,
    second: number | RecordMetricsOptions = {},
    third: RecordMetricsOptions = {},
  ): Promise<void> {
    const values = typeof metrics === "string" ? { [metrics]: Number(second) } : metrics;
    const { signal, ...place } = typeof second === "object" ? second : third;
    const points: MetricPoint[] = [];
    for (const [resource, value] of Object.entries(values))
      points.push({ resource, value, ...place });
    await this.accounting.record(this.namespace, points, signal);
  }

  /** Use of resources by this namespace (manual: `get_rusage`). */
  async getRusage({ signal, ...query }: MetricsOptions = {}): Promise<MetricRow[]> {
    return this.accounting.rusage(this.namespace, query, signal);
  }

  /** Metrics of each container (manual: `get_metrics`). */
  async getMetrics({ signal, ...query }: MetricsOptions = {}): Promise<MetricRow[]> {
    return this.accounting.metrics(this.namespace, query, signal);
  }

  /** As {@link Context.getMetrics}, as text tables, once or repeatedly (manual: `show_metrics`). */
  showMetrics(options: ShowMetricsOptions = {}): AsyncGenerator<string, void, undefined> {
    return showMetrics(this.accounting, this.namespace, options);
  }

  /** Finishes what this process has begun and closes connections; jobs go on. Idempotent. */
  async close(): Promise<void> {
    await this.#backend.close();
    if (this.#derived) return;
    await this.#parts.logger?.close();
    await this.accounting.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
