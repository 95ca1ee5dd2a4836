import {
  Bell,
  Handover,
  isManagerError,
  type LogEntry,
  type LogProgress,
  type LogScope,
} from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { followEvents } from "./events.ts";
import { newProgress } from "./log-containers.ts";
import type { ReadContainers } from "./log-snapshot.ts";
import { readContainerLog, readRest } from "./log-stream.ts";
import type { ListedUnit } from "./status.ts";

/** A look at all containers even if nothing was told. */
const SAFETY_MS = 5000;
/** Pause after a log that ended although its container runs. */
const REOPEN_MS = 100;

interface Followed {
  readonly progress: LogProgress;
  /** Whether the log was read to its end since the container last ran. */
  drained: boolean;
  reading: Promise<void> | undefined;
  /** When a log that ended although its container ran may be opened again. */
  reopenAt: number;
}

/** What a {@link LogFollower} works with. */
export interface LogFollowerParts {
  readonly client: DockerClient;
  readonly scope: LogScope<ListedUnit>;
  /** Tells of changes of records. */
  readonly onRecordChange: (listener: () => void) => () => void;
}

/**
 * Follows the logs of all containers of a scope, those that come later included, over restarts of containers and of the
 * engine, until the job has ended and every log was read to its end.
 */
export class LogFollower {
  readonly #parts: LogFollowerParts;
  readonly #followed = new Map<string, Followed>();
  readonly #handover = new Handover<readonly LogEntry[]>();
  readonly #abort = new AbortController();
  readonly #tasks: Promise<void>[] = [];
  readonly #bell = new Bell(this.#abort.signal);
  /** Containers that have started since this listens. */
  readonly #started = new Set<string>();

  constructor(parts: LogFollowerParts) {
    this.#parts = parts;
  }

  /** What was read before. Ended containers among them need not be read again unless they start. */
  known(containers: readonly ListedUnit[], read: ReadContainers): void {
    for (const { unit } of containers) {
      const progress = read.get(unit.engineId);
      if (!progress) continue;
      const drained = unit.state === "exited" && !this.#started.has(unit.engineId);
      this.#followed.set(unit.engineId, { progress, drained, reading: undefined, reopenAt: 0 });
    }
    this.#started.clear();
  }

  /** Begins to listen to events, so that nothing is missed between a first look and {@link read}. Resolves when it does, or cannot. */
  async listen(): Promise<void> {
    return new Promise((resolve) => {
      this.#tasks.push(this.#hear(resolve).finally(resolve));
    });
  }

  async *read(signal: AbortSignal): AsyncGenerator<readonly LogEntry[]> {
    const stop = (): void => this.#abort.abort();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const unsubscribe = this.#parts.onRecordChange(() => this.#bell.ring());
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
      unsubscribe();
      await this.close();
      await looking;
    }
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#handover.end();
    this.#bell.ring();
    await Promise.all(this.#tasks);
    await Promise.all([...this.#followed.values()].map(async ({ reading }) => reading));
  }

  async #lookUntilOver(): Promise<void> {
    const { signal } = this.#abort;
    for (let first = true; !signal.aborted; first = false) {
      try {
        if (await this.#look()) return;
      } catch (error) {
        if (signal.aborted) return;
        // While the engine is away, its events tell when it is back.
        if (first || !isManagerError(error) || !error.retryable) throw error;
      }
      await this.#bell.waitAtMost(SAFETY_MS);
    }
  }

  /** Begins to read what needs reading; true when everything is over. */
  async #look(): Promise<boolean> {
    const { scope } = this.#parts;
    const over = await scope.isOver();
    if (over === "gone") {
      // Its containers are gone too: what they had written comes to its end.
      await Promise.all([...this.#followed.values()].map(async ({ reading }) => reading));
      return true;
    }
    const containers = await scope.containers(this.#abort.signal);
    let busy = false;
    for (const container of containers) {
      const followed = this.#find(container);
      const runs = container.unit.state === "running";
      if (runs) followed.drained = false;
      if (!followed.reading && !followed.drained) this.#begin(followed, container, runs);
      busy ||= followed.reading !== undefined || runs || container.unit.state === "restarting";
    }
    return over === "ended" && !busy;
  }

  #find(container: ListedUnit): Followed {
    const id = container.unit.engineId;
    let followed = this.#followed.get(id);
    if (!followed) {
      const progress = newProgress(this.#parts.scope, container);
      followed = { progress, drained: false, reading: undefined, reopenAt: 0 };
      this.#followed.set(id, followed);
    }
    return followed;
  }

  #begin(followed: Followed, container: ListedUnit, runs: boolean): void {
    const pauseMs = followed.reopenAt - performance.now();
    if (runs && pauseMs > 0) {
      // It ends just now, most likely, and that will be told.
      setTimeout(() => this.#bell.ring(), pauseMs).unref();
      return;
    }
    // Unless it starts again meanwhile, an ended container's log is read to its end now.
    followed.drained = !runs;
    followed.reading = this.#readOne(followed, container, runs)
      .catch((error: unknown) => {
        followed.drained = false;
        if (!isManagerError(error) || !error.retryable) this.#handover.fail(error);
      })
      .finally(() => {
        followed.reading = undefined;
        this.#bell.ring();
      });
  }

  async #readOne(followed: Followed, container: ListedUnit, runs: boolean): Promise<void> {
    const { client, scope } = this.#parts;
    const { signal } = this.#abort;
    const { streams } = scope;
    const { progress } = followed;
    const query = { streams, follow: true, ended: false };
    const batches = runs
      ? readContainerLog(client, container, query, progress, signal)
      : readRest(client, container, streams, progress, signal);
    for await (const batch of batches) if (batch.length > 0) await this.#handover.give(batch);
    followed.reopenAt = performance.now() + REOPEN_MS;
  }

  async #hear(heard: () => void): Promise<void> {
    for await (const event of followEvents(this.#parts.client, this.#abort.signal)) {
      if (event.type === "connected") {
        // Something may have run and ended in the gap.
        for (const followed of this.#followed.values()) followed.drained = false;
      } else if (event.type === "changed") {
        if (!this.#parts.scope.covers(event.jobUid)) continue;
        if (event.action === "start") this.#started.add(event.containerId);
        const followed = this.#followed.get(event.containerId);
        if (followed && event.action === "start") followed.drained = false;
      }
      heard();
      this.#bell.ring();
    }
  }
}
