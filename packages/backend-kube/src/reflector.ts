import { setTimeout as delay } from "node:timers/promises";
import type { KubernetesObject } from "@kubernetes/client-node";
import { ManagerError, toManagerError as toCoreError } from "@juliarun/core";
import { ApiRefusal, fromStatus } from "./api-status.ts";
import type { KubeClient, Query } from "./client.ts";
import { toDoing } from "./doing.ts";
import { isGone, toManagerError } from "./errors.ts";
import { isObject } from "./is-object.ts";
import { readJsonLines } from "./json-lines.ts";
import { SlimCache, type CacheChange, type SlimEntry, type Slimmer } from "./slim-cache.ts";

/** The server ends a watch after this time, so that a connection that leads nowhere is noticed; half as long again at random. */
const WATCH_SECONDS = 240;
/** What the server has beyond it. */
const GRACE_MS = 30_000;
/** A watch is trusted so long without a word from the server, which sends a bookmark each minute. */
const TRUSTED_MS = 90_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** A watch that stood so long was a good one. */
const LASTING_MS = 10_000;

/** What a {@link Reflector} tells. `connected`: the cache is complete, and what changes from now on will be told. */
export type ReflectorEvent<Slim> =
  | CacheChange<Slim>
  | { readonly type: "connected" }
  | { readonly type: "disconnected"; readonly message: string };

/** Which objects, and what is kept of them. */
export interface ReflectorOptions<T extends KubernetesObject, Slim> {
  readonly client: KubeClient;
  /** Path of the collection. */
  readonly path: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly slim: Slimmer<T, Slim>;
  /** Seconds after which the server ends a watch; for tests. */
  readonly watchSeconds?: number;
  /** Milliseconds after that time at which a watch that did not end is given up; for tests. */
  readonly graceMs?: number;
}

/**
 * Follows the objects of one collection and keeps a slim copy of each: paged lists, then watches from the list's state on, for
 * ever. The library's informer lists everything at once, keeps whole objects and asks for no bookmarks, and its watch drops
 * lines that it cannot parse and the Status of errors; so this reads the stream itself.
 */
export class Reflector<T extends KubernetesObject, Slim> {
  readonly #options: ReflectorOptions<T, Slim>;
  readonly #cache: SlimCache<T, Slim>;
  readonly #listeners = new Set<(event: ReflectorEvent<Slim>) => void>();
  readonly #abort = new AbortController();
  #loop: Promise<void> | undefined;
  #resourceVersion: string | undefined;
  #synced = false;
  #connected = false;
  #contactAt = -Infinity;
  #problem: ManagerError | undefined;
  #waiters = new Set<() => void>();

  constructor(options: ReflectorOptions<T, Slim>) {
    this.#options = options;
    this.#cache = new SlimCache(options.slim);
  }

  /** Whether a whole list has been read at some time. */
  get synced(): boolean {
    return this.#synced;
  }

  /** Whether the watch stands, so that the cache follows. */
  get connected(): boolean {
    return this.#connected;
  }

  /** Whether the cache may stand for the cluster: the watch stands, and the server has not been silent for too long. */
  get current(): boolean {
    return this.#connected && this.stalenessMs() < TRUSTED_MS;
  }

  /** State of the collection up to which everything has been seen; undefined before the first list. */
  get resourceVersion(): string | undefined {
    return this.#resourceVersion;
  }

  /** Milliseconds since the API server last said anything: a list, an event, a bookmark (about one a minute). Infinity: never. */
  stalenessMs(): number {
    return performance.now() - this.#contactAt;
  }

  /** Starts it, if it is not running. */
  start(): void {
    if (!this.#abort.signal.aborted) this.#loop ??= this.#run(this.#abort.signal);
  }

  /**
   * Starts it and waits until the cache is complete and followed. Once an attempt fails, it goes on trying.
   * @throws the ManagerError of an attempt that failed; CANCELLED after `close()`.
   */
  async sync(): Promise<void> {
    this.start();
    while (!this.#connected) {
      if (this.#abort.signal.aborted) throw closed();
      if (this.#problem) throw this.#problem;
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
  }

  get(name: string): Slim | undefined {
    return this.#cache.get(name);
  }

  values(): Slim[] {
    return this.#cache.values();
  }

  /** Starts it with the first listener. Nothing is told of what the cache has already. Returns the unsubscribe. */
  onChange(listener: (event: ReflectorEvent<Slim>) => void): () => void {
    // One function may listen twice.
    const own = (event: ReflectorEvent<Slim>): void => listener(event);
    this.#listeners.add(own);
    this.start();
    return () => void this.#listeners.delete(own);
  }

  /** Takes the answer to an own write, unless the cache has that state or a newer one. A list that is being read may be older. */
  upsert(object: T): void {
    this.#tellAll(this.#cache.upsert(object));
  }

  /** Forgets an object that an own call has deleted. @param uid - of the object, not of the job. */
  evict(name: string, uid: string): void {
    this.#tellAll(this.#cache.evict(name, uid));
  }

  /** Ends the watch. The cache stays as it is. Idempotent. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#connected = false;
    this.#wake();
    await this.#loop;
    this.#listeners.clear();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const startedAt = performance.now();
      try {
        if (this.#resourceVersion === undefined) await this.#list(signal);
        await this.#watch(signal);
        // Its time was over, unless the server is quick to end every one.
        failures = performance.now() - startedAt >= FIRST_PAUSE_MS ? 0 : failures + 1;
      } catch (error) {
        if (signal.aborted) return;
        if (performance.now() - startedAt >= LASTING_MS) failures = 0;
        // The first time nothing is wrong: it is listed again at once.
        if (isGone(error)) this.#resourceVersion = undefined;
        if (!isGone(error) || failures > 0) this.#disconnected(error);
        failures += 1;
        if (isGone(error) && failures === 1) continue;
      }
      if (failures > 0) await this.#pause(failures, signal);
    }
  }

  async #pause(failures: number, signal: AbortSignal): Promise<void> {
    const ms = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
    // At random, so that many do not come back at the same moment.
    await delay(ms * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }

  /** Reads everything, page by page: without a resourceVersion in the request it is the newest state, the same on all pages. */
  async #list(signal: AbortSignal): Promise<void> {
    const { client, path } = this.#options;
    const entries: SlimEntry<Slim>[] = [];
    let resourceVersion: string | undefined;
    for await (const page of client.pages<T>(path, { query: this.#selectors(), signal })) {
      for (const object of page.items) entries.push(this.#cache.toEntry(object));
      resourceVersion = page.metadata.resourceVersion;
    }
    const changes = this.#cache.replaceAll(entries, resourceVersion);
    this.#resourceVersion = resourceVersion ?? "0";
    this.#contact();
    this.#synced = true;
    this.#tellAll(changes);
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { client, path, watchSeconds = WATCH_SECONDS, graceMs = GRACE_MS } = this.#options;
    const timeoutSeconds = Math.round(watchSeconds * (1 + Math.random() / 2));
    const silence = AbortSignal.timeout(timeoutSeconds * 1000 + graceMs);
    const query = {
      ...this.#selectors(),
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: this.#resourceVersion,
      timeoutSeconds,
    };
    try {
      const stream = await client.stream(path, query, AbortSignal.any([signal, silence]));
      this.#contact();
      this.#connect();
      for await (const event of readJsonLines(stream)) this.#take(event);
    } catch (error) {
      if (signal.aborted) return;
      const doing = toDoing("GET", `${path}?watch=true`);
      throw toManagerError(error, doing, client.address);
    }
  }

  /** @throws ApiRefusal for an ERROR event. */
  #take(event: unknown): void {
    if (!isObject(event) || !isObject(event["object"])) return;
    this.#contact();
    const object = event["object"];
    switch (event["type"]) {
      case "ADDED":
      case "MODIFIED":
        this.#reach(object as T);
        return this.#tellAll(this.#cache.put(object as T));
      case "DELETED":
        this.#reach(object as T);
        return this.#tellAll(this.#cache.drop(object as T));
      case "BOOKMARK":
        this.#reach(object as T);
        return this.#cache.reached(this.#resourceVersion);
      case "ERROR":
        throw new ApiRefusal(fromStatus(object));
      default:
        return undefined;
    }
  }

  #selectors(): Query {
    const { labelSelector, fieldSelector } = this.#options;
    return { labelSelector, fieldSelector };
  }

  #reach({ metadata }: T): void {
    this.#resourceVersion = metadata?.resourceVersion ?? this.#resourceVersion;
  }

  #contact(): void {
    this.#contactAt = performance.now();
  }

  #connect(): void {
    this.#problem = undefined;
    if (this.#connected) return;
    this.#connected = true;
    this.#tell({ type: "connected" });
    this.#wake();
  }

  #disconnected(error: unknown): void {
    const problem = toCoreError(error);
    const told = !this.#connected && this.#problem !== undefined;
    this.#problem = problem;
    this.#connected = false;
    this.#wake();
    if (!told) this.#tell({ type: "disconnected", message: problem.message });
  }

  #tellAll(changes: readonly CacheChange<Slim>[]): void {
    for (const change of changes) this.#tell(change);
  }

  #tell(event: ReflectorEvent<Slim>): void {
    for (const listener of this.#listeners) listener(event);
  }

  #wake(): void {
    for (const waiter of this.#waiters) waiter();
    this.#waiters.clear();
  }
}

function closed(): ManagerError {
  return new ManagerError("CANCELLED", "The watch is closed.");
}
