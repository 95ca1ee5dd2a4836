import { watch, type FSWatcher } from "node:fs";
import { basename, dirname } from "node:path";
import type { StateFile } from "./state-file.ts";

/** A net below the file system's own messages, which some file systems do not send. */
const TICK_MS = 2000;
/** From a write to its commit, at most. */
const COMMIT_MS = 25;

/** Tells when a state file was changed, by this process or another. Looks only while somebody listens. */
export class StateWatch {
  readonly #file: StateFile;
  readonly #path: string;
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #later: NodeJS.Timeout | undefined;
  #seen: unknown;
  #telling = false;

  constructor(file: StateFile, path: string) {
    this.#file = file;
    this.#path = path;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#begin();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.close();
    };
  }

  /** This process changed it. Listeners are called a moment later, once for many changes. */
  tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    setImmediate(() => {
      this.#telling = false;
      for (const listener of this.#listeners) listener();
    });
  }

  close(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    clearTimeout(this.#later);
    this.#later = undefined;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #begin(): void {
    this.#seen = this.#version();
    this.#timer = setInterval(() => {
      // The folder may have been deleted and made again.
      if (!this.#file.isCurrent()) this.#watch();
      this.#look();
    }, TICK_MS).unref();
    this.#watch();
  }

  #watch(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    const name = basename(this.#path);
    try {
      this.#watcher = watch(dirname(this.#path), { persistent: false }, (_event, changed) => {
        if (changed === null || changed.startsWith(name)) this.#lookTwice();
      });
      this.#watcher.on("error", () => this.#watcher?.close());
    } catch {
      // Too many watches on this machine, or no folder yet: the tick is what is left.
    }
  }

  /** The last write to the file is told before the commit that it belongs to can be seen. */
  #lookTwice(): void {
    this.#look();
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      if (this.#listeners.size > 0) this.#look();
    }, COMMIT_MS).unref();
  }

  #look(): void {
    const version = this.#version();
    if (version === this.#seen) return;
    this.#seen = version;
    this.tell();
  }

  /** Own commits do not change it; a file made anew does. */
  #version(): unknown {
    try {
      const version = this.#file.dataVersion();
      return `${this.#file.generation}/${String(version)}`;
    } catch {
      // Whoever uses the file is told why it cannot be used.
      return "unusable";
    }
  }
}
