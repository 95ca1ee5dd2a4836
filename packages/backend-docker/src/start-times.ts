import { setTimeout as delay } from "node:timers/promises";
import type { ContainerEvent } from "./events.ts";

/** The engine tells of a start at about the time of its answer. */
const PATIENCE_MS = 25;

/** When containers that are being started began to run, as the engine's events tell: it spares a call for each. */
export class StartTimes {
  readonly #awaited = new Map<string, PromiseWithResolvers<number>>();

  /** Takes note of an event. */
  note(event: ContainerEvent): void {
    if (event.type !== "changed" || event.action !== "start") return;
    if (event.time !== undefined) this.#awaited.get(event.containerId)?.resolve(event.time);
  }

  /**
   * Starts a container.
   * @returns when it began to run, by the engine's clock, milliseconds since 1970; undefined where no event has told.
   */
  async of(containerId: string, start: () => Promise<void>): Promise<number | undefined> {
    const told = Promise.withResolvers<number>();
    this.#awaited.set(containerId, told);
    const over = new AbortController();
    try {
      await start();
      const late = delay(PATIENCE_MS, undefined, { signal: over.signal }).catch(() => undefined);
      return await Promise.race([told.promise, late]);
    } finally {
      over.abort();
      this.#awaited.delete(containerId);
    }
  }
}
