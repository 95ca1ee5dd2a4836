import type { RecordStore } from "../record/record-store.ts";
import { delay } from "./delay.ts";
import type { EngineEvent, UnitEngine } from "./unit-engine.ts";

/** `store`: a record changed; otherwise what the engine's event stream said. */
export type Beat = { readonly type: "store" } | EngineEvent;

interface Listening {
  readonly abort: AbortController;
  readonly unsubscribe: () => void;
  readonly done: Promise<void>;
}

/**
 * Everything that can make somebody look again, as one stream of beats: changes of records by any process and changes of
 * containers. Listens to the engine only while there are listeners.
 */
export class Pulse {
  readonly #store: RecordStore;
  readonly #engine: UnitEngine;
  readonly #listeners = new Set<(beat: Beat) => void>();
  #listening: Listening | undefined;
  #connected = false;

  constructor(store: RecordStore, engine: UnitEngine) {
    this.#store = store;
    this.#engine = engine;
  }

  /** Whether the event stream stands: changes from now on will be told. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Returns the unsubscribe. */
  subscribe(listener: (beat: Beat) => void): () => void {
    this.#listeners.add(listener);
    this.#listening ??= this.#listen();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) void this.close();
    };
  }

  async close(): Promise<void> {
    const listening = this.#listening;
    this.#listening = undefined;
    listening?.unsubscribe();
    listening?.abort.abort();
    await listening?.done;
  }

  #listen(): Listening {
    const abort = new AbortController();
    const unsubscribe = this.#store.onChange(() => this.#tell({ type: "store" }));
    return { abort, unsubscribe, done: this.#follow(abort.signal) };
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const event of this.#engine.events(signal)) {
          if (event.type !== "changed") this.#connected = event.type === "connected";
          this.#tell(event);
        }
      } catch (error) {
        this.#tell({
          type: "disconnected",
          message: error instanceof Error ? error.message : String(error),
        });
      }
      this.#connected = false;
      // `events()` reconnects by itself; this guards against an engine whose stream ends at once.
      await delay(1000, signal);
    }
  }

  #tell(beat: Beat): void {
    for (const listener of this.#listeners) listener(beat);
  }
}
