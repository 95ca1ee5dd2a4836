import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterBackend, SubmitOptions, SubmitResult } from "../backend/cluster-backend.ts";
import type { Job } from "../backend/job.ts";
import type { ErrorCode } from "../errors/error-table.ts";
import { isManagerError, type ManagerError } from "../errors/manager-error.ts";
import type { LogEntry, LogQuery } from "../logs/log-entry.ts";
import { isFinal } from "../status/job-status.ts";
import { awaitJob } from "./await-job.ts";
import { Gate } from "./gate.ts";
import { Follower, textOf } from "./follower.ts";
import type { ConformanceWorld, WorldControls } from "./harness.ts";
import type { ProgramJob } from "./program-job.ts";
import { WatchRecorder } from "./watch-recorder.ts";

/** What {@link CaseContext} is made of. */
export interface CaseContextOptions {
  readonly world: ConformanceWorld;
  readonly patienceMs: number;
  readonly startMs: number;
  readonly deathStep: number;
  /** Makes names of jobs unique among the cases that share the world. */
  readonly suffix: string;
}

/** What a case works with: a world, and the steps that most cases consist of. */
export class CaseContext {
  readonly world: ConformanceWorld;
  readonly patienceMs: number;
  /** See `ConformanceHarness.deathStep`. */
  readonly deathStep: number;
  /** Aborted when the case is over, however it ended. */
  readonly signal: AbortSignal;
  readonly #startMs: number;
  readonly #suffix: string;
  readonly #over = new AbortController();
  readonly #instances: ClusterBackend[] = [];
  readonly #submitted = new Map<string, ClusterBackend>();

  constructor(options: CaseContextOptions) {
    this.world = options.world;
    this.patienceMs = options.patienceMs;
    this.deathStep = options.deathStep;
    this.#startMs = options.startMs;
    this.#suffix = options.suffix;
    this.signal = this.#over.signal;
  }

  /** The first instance of the world. */
  get backend(): ClusterBackend {
    return this.world.backend;
  }

  /** A name of this case only. */
  name(stem = "job"): string {
    return stem + this.#suffix;
  }

  /** Time in which that many units, one after the other, will have started. */
  startsMs(units: number): number {
    return units * this.#startMs;
  }

  /** A gate that programs wait at until the case opens it; the case needs `sharedVolume`. */
  gate(stem = "gate"): Gate {
    return new Gate(
      this,
      `${this.backend.namespace}-${this.name(stem)}`,
      this.name(`open-${stem}`),
    );
  }

  /** A control that the case has listed in its `needs`. */
  control<Name extends keyof WorldControls>(name: Name): WorldControls[Name] {
    const control = this.world.controls[name];
    assert.ok(control, `the harness has neither control ${name} nor a reason in lacking`);
    return control.bind(this.world.controls) as WorldControls[Name];
  }

  /** See `ConformanceWorld.anotherInstance`; closed with the case. */
  async another(namespace?: string): Promise<ClusterBackend> {
    const instance = await this.world.anotherInstance(namespace);
    this.#instances.push(instance);
    return instance;
  }

  async submit(job: ProgramJob, options?: SubmitOptions): Promise<Job> {
    const { job: submitted } = await this.submitTo(this.backend, job, options);
    return submitted;
  }

  async submitTo(
    backend: ClusterBackend,
    job: ProgramJob,
    options?: SubmitOptions,
  ): Promise<SubmitResult> {
    const { spec, plan } = this.world.job(job);
    this.#submitted.set(`${backend.namespace}/${job.name}`, backend);
    return this.soon("the answer to a submit", backend.submit(spec, plan, options));
  }

  /** Waits until the job, as this backend shows it, is as described; fails with what it is instead. */
  async until(
    name: string,
    description: string,
    condition: (job: Job) => boolean,
    backend: ClusterBackend = this.backend,
  ): Promise<Job> {
    return awaitJob({ backend, name, description, condition, patienceMs: this.patienceMs });
  }

  async untilFinal(name: string, backend?: ClusterBackend): Promise<Job> {
    return this.until(name, "final", ({ status }) => isFinal(status), backend);
  }

  /** Waits until the job and that many of its workers run. */
  async untilRunning(name: string, workers = 0, backend?: ClusterBackend): Promise<Job> {
    return this.until(
      name,
      `running with ${workers} workers`,
      ({ status }) => status.phase === "running" && status.nworkersRunning === workers,
      backend,
    );
  }

  /** Waits until something holds that is not a matter of one job. */
  async eventually(
    description: string,
    condition: () => Promise<boolean>,
    patienceMs = this.patienceMs,
  ): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!(await condition())) {
      if (Date.now() > deadline) assert.fail(`not so within ${patienceMs} ms: ${description}`);
      await sleep(Math.min(50, this.patienceMs / 200));
    }
  }

  /** For cases in which nothing may happen for a time. */
  async pause(ms: number): Promise<void> {
    await sleep(ms);
  }

  /** Fails when it takes longer than the harness's patience. */
  async soon<Value>(description: string, promise: Promise<Value>): Promise<Value> {
    const timer = new AbortController();
    const late = sleep(this.patienceMs, undefined, { signal: timer.signal }).then(
      () => assert.fail(`not within ${this.patienceMs} ms: ${description}`),
      () => assert.fail("unreachable"),
    );
    try {
      return await Promise.race([promise, late]);
    } finally {
      late.catch(() => undefined);
      timer.abort();
    }
  }

  /** The error with which this ends: it must be a ManagerError of one of these codes. */
  async fails(promise: Promise<unknown>, ...codes: readonly ErrorCode[]): Promise<ManagerError> {
    const error = await this.soon(
      `an error ${codes.join(" or ")}`,
      promise.then(
        () => undefined,
        (reason: unknown) => ({ reason }),
      ),
    );
    assert.ok(error, `expected ${codes.join(" or ")}, but the call succeeded`);
    const { reason } = error;
    if (!isManagerError(reason)) throw new Error("not a ManagerError", { cause: reason });
    assert.ok(
      codes.includes(reason.code),
      `${codes.join(" or ")}, not ${reason.code}: ${reason.message}`,
    );
    assert.notEqual(reason.message, "", "an error without a message");
    return reason;
  }

  /** All entries of a query that ends by itself. */
  async logs(query: LogQuery, backend: ClusterBackend = this.backend): Promise<LogEntry[]> {
    const entries: LogEntry[] = [];
    const reading = (async () => {
      for await (const batch of backend.logs(query, this.signal)) entries.push(...batch);
    })();
    await this.soon(`the end of logs ${JSON.stringify({ ...query, sinceNs: undefined })}`, reading);
    return entries;
  }

  /** Lines of a query that ends by itself, as text. */
  async lines(query: LogQuery, backend?: ClusterBackend): Promise<string[]> {
    return (await this.logs(query, backend)).map((entry) => textOf(entry));
  }

  /** Begins to follow logs. */
  follow(query: LogQuery, backend: ClusterBackend = this.backend): Follower {
    return new Follower(backend, query, this);
  }

  /** Begins to watch; what is seen is kept. */
  watch(filter?: Parameters<ClusterBackend["watch"]>[0], backend?: ClusterBackend): WatchRecorder {
    return new WatchRecorder(backend ?? this.backend, filter, this);
  }

  /**
   * Ends everything that the case has begun.
   * @param tidy - whether to delete its jobs: not needed in a world that ends with the case.
   */
  async end(tidy: boolean): Promise<void> {
    this.#over.abort();
    const submitted = tidy ? [...this.#submitted] : [];
    const deletions = submitted.map(async ([key, submitter]) => {
      const name = key.slice(key.indexOf("/") + 1);
      // The submitter may have been closed.
      const same = submitter.namespace === this.backend.namespace;
      const deletion = (same ? this.backend : submitter).delete(name, { force: true });
      await this.soon("tidying up", deletion).catch(() => undefined);
    });
    await Promise.all(deletions);
    await Promise.all(this.#instances.map((instance) => instance.close()));
  }
}
