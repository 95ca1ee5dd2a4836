import {
  Bell,
  Handover,
  isManagerError,
  type LogEntry,
  type LogProgress,
  type LogScope,
} from "@juliarun/core";
import { newProgress, nextProgress } from "./log-resume.ts";
import type { ReadRuns } from "./log-snapshot.ts";
import { readRunLog } from "./log-stream.ts";
import type { PodLogSource } from "./pod-logs.ts";
import type { PodRun } from "./pod-run.ts";

/** A look at all pods even if nothing was told. */
const SAFETY_MS = 5000;
/** Pause after a log that ended although its container runs, or could not be read; doubles each time. */
const REOPEN_MS = 100;
const LONGEST_REOPEN_MS = 5000;
/** A job has ended, and the log of one of its containers cannot be read: its node is gone, most likely. */
const MAX_FAILURES_AT_END = 8;

interface Followed {
  /** Undefined: its turn has not come. */
  progress: LogProgress | undefined;
  /** Whether the container ran when it was last looked at. */
  ran: boolean;
  /** Whether the log was read to its end after the container had ended. */
  drained: boolean;
  reading: Promise<void> | undefined;
  /** When the log may be opened again. */
  reopenAt: number;
  /** Readings in a row that brought nothing. */
  failures: number;
  /** What had no newline when the last reading ended. */
  rest: (() => LogEntry[]) | undefined;
}

/** What a {@link LogFollower} works with. */
export interface LogFollowerParts {
  readonly source: PodLogSource;
  readonly scope: LogScope<PodRun>;
  /** Tells of changes of records. */
  readonly onRecordChange: (listener: () => void) => () => void;
}

/**
 * Follows the logs of all containers of a scope, those that come later included, over restarts, replaced pods and losses of
 * the API server, until the job has ended and every log was read to its end. A unit's containers come one after the other.
 */
export class LogFollower {
  readonly #parts: LogFollowerParts;
  readonly #followed = new Map<string, Followed>();
  /** How far the newest container of each pod was read, by the pods' uids. */
  readonly #ofPods = new Map<string, LogProgress>();
  readonly #handover = new Handover<readonly LogEntry[]>();
  readonly #abort = new AbortController();
  readonly #bell = new Bell(this.#abort.signal);

  constructor(parts: LogFollowerParts) {
    this.#parts = parts;
  }

  /** What was read before. Ended containers among them need not be read again. */
  known(runs: readonly PodRun[], read: ReadRuns): void {
    for (const { container, pod } of runs) {
      const progress = read.get(container.id);
      if (!progress) continue;
      this.#followed.set(container.id, { ...newFollowed(), progress, drained: !container.running });
      this.#ofPods.set(pod.uid, progress);
    }
  }

  async *read(signal: AbortSignal): AsyncGenerator<readonly LogEntry[]> {
    const stop = (): void => this.#abort.abort();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const { source, onRecordChange } = this.#parts;
    const unsubscribe = [
      onRecordChange(() => this.#bell.ring()),
      source.onPodChange(() => this.#bell.ring()),
    ];
    const looking = this.#lookUntilOver().then(
      () => this.#handover.end(),
      (error: unknown) => this.#handover.fail(error),
    );
    this.#abort.signal.addEventListener("abort", () => this.#handover.end(), { once: true });
    if (this.#abort.signal.aborted) this.#handover.end();
    try {
      yield* this.#handover.take();
    } finally {
      signal.removeEventListener("abort", stop);
      for (const leave of unsubscribe) leave();
      await this.close();
      await looking;
    }
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#handover.end();
    this.#bell.ring();
    await this.#readings();
  }

  async #readings(): Promise<void> {
    await Promise.all([...this.#followed.values()].map(async ({ reading }) => reading));
  }

  async #lookUntilOver(): Promise<void> {
    const { signal } = this.#abort;
    let away = 0;
    for (let first = true; !signal.aborted; first = false) {
      try {
        if (await this.#look()) return;
        away = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (first || !isManagerError(error) || !error.retryable) throw error;
        // The API server is away.
        this.#ringIn(Math.min(REOPEN_MS * 2 ** ++away, LONGEST_REOPEN_MS));
      }
      await this.#bell.waitAtMost(SAFETY_MS);
    }
  }

  /** Begins to read what needs reading; true when everything is over. */
  async #look(): Promise<boolean> {
    const { scope } = this.#parts;
    const over = await scope.isOver();
    if (over === "gone") {
      // Its pods are going too: what they had written comes to its end.
      await this.#readings();
      for (const followed of this.#followed.values()) await this.#giveRest(followed);
      return true;
    }
    const runs = await scope.containers(this.#abort.signal);
    await this.#forgetAllBut(new Set(runs.map(({ container }) => container.id)));
    let busy = false;
    const waiting = new Set<string>();
    for (const run of runs) {
      const followed = this.#find(run);
      if (followed.ran && !run.container.running)
        Object.assign(followed, { reopenAt: 0, failures: 0 });
      followed.ran = run.container.running;
      const turn = `${run.pod.jobUid}/${run.unit}`;
      if (over === "ended" && followed.failures >= MAX_FAILURES_AT_END) followed.drained = true;
      if (!followed.reading && !followed.drained && !waiting.has(turn)) this.#begin(followed, run);
      if (!followed.drained || followed.reading) {
        waiting.add(turn);
        busy = true;
      }
    }
    return over === "ended" && !busy;
  }

  /** Logs that cannot be read again: the pod is gone, or its container was restarted more than once since. */
  async #forgetAllBut(present: ReadonlySet<string>): Promise<void> {
    for (const [id, followed] of this.#followed) {
      if (present.has(id) || followed.reading) continue;
      if (!followed.drained) await this.#giveRest(followed);
      this.#followed.delete(id);
    }
  }

  async #giveRest(followed: Followed): Promise<void> {
    const rest = followed.rest?.() ?? [];
    followed.rest = undefined;
    if (rest.length > 0) await this.#handover.give(rest);
  }

  #find(run: PodRun): Followed {
    const { id } = run.container;
    let followed = this.#followed.get(id);
    if (!followed) {
      followed = newFollowed();
      this.#followed.set(id, followed);
    }
    return followed;
  }

  #begin(followed: Followed, run: PodRun): void {
    const pauseMs = followed.reopenAt - performance.now();
    if (pauseMs > 0) {
      this.#ringIn(pauseMs);
      return;
    }
    const { scope } = this.#parts;
    const before = this.#ofPods.get(run.pod.uid);
    const progress =
      followed.progress ?? (before ? nextProgress(scope, run, before) : newProgress(scope, run));
    followed.progress = progress;
    this.#ofPods.set(run.pod.uid, progress);
    followed.rest = undefined;
    followed.reading = this.#readOne(followed, run, progress)
      .catch((error: unknown) => {
        if (!isManagerError(error) || !error.retryable) this.#handover.fail(error);
      })
      .finally(() => {
        followed.reading = undefined;
        const pause = Math.min(REOPEN_MS * 2 ** followed.failures, LONGEST_REOPEN_MS);
        followed.reopenAt = performance.now() + pause;
        this.#bell.ring();
      });
  }

  async #readOne(followed: Followed, run: PodRun, progress: LogProgress): Promise<void> {
    const { source, scope } = this.#parts;
    const { running } = run.container;
    const query = { streams: scope.streams, follow: running, ended: !running };
    followed.failures++;
    const batches = readRunLog(source, run, query, progress, this.#abort.signal);
    for (;;) {
      const { done, value } = await batches.next();
      if (done === true) {
        if (running) followed.rest = value.rest;
        else followed.drained = true;
        return;
      }
      if (value.length === 0) continue;
      followed.failures = 0;
      await this.#handover.give(value);
    }
  }

  #ringIn(ms: number): void {
    setTimeout(() => this.#bell.ring(), ms).unref();
  }
}

function newFollowed(): Followed {
  return {
    progress: undefined,
    ran: false,
    drained: false,
    reading: undefined,
    reopenAt: 0,
    failures: 0,
    rest: undefined,
  };
}
