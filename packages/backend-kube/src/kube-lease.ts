import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { ManagerError, type Lease } from "@juliarun/core";
import type { KubeClient } from "./client.ts";
import { isAlreadyExists, isConflict, isNotFound } from "./errors.ts";
import {
  isTaken,
  LEASE_SECONDS,
  toLeaseSpec,
  toLeaseState,
  type LeaseObject,
  type LeaseState,
} from "./lease-state.ts";
import { LABEL, MANAGER } from "./manifests/labels.ts";
import { Reflector } from "./reflector.ts";

const NAME = "juliarun-actor";
const RENEW_MS = 5000;
/** The holder gives up so long before the lease expires: the server's clock is known to about a second. */
const MARGIN_MS = 4000;
/** After the expiry: a timer may be early. */
const LATE_MS = 100;
/** A call that takes longer is of no use to the holder. */
const CALL_MS = 8000;

/** What a {@link KubeLease} works with. */
export interface KubeLeaseOptions {
  readonly client: KubeClient;
  /** Of the Lease object; for tests. */
  readonly name?: string;
  /** Who holds it, for people: made up of host and process where absent. */
  readonly identity?: string;
}

/**
 * The right to act in a namespace, as a Lease object of `coordination.k8s.io`, taken and renewed by compare-and-swap on its
 * resourceVersion. A holder that dies loses it 15 seconds after its last renewal.
 */
export class KubeLease implements Lease {
  readonly #client: KubeClient;
  readonly #name: string;
  readonly #path: string;
  readonly #identity: string;
  readonly #listeners = new Set<() => void>();
  /** By both clocks, as either may stand still or jump. */
  #until: { readonly wall: number; readonly monotonic: number } | undefined;
  #state: LeaseState | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #reflector: Reflector<LeaseObject, LeaseState> | undefined;
  /** Calls that change the object, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();
  /** Grows with every release: what was begun before it must not bring the lease back. */
  #epoch = 0;
  #closed = false;

  constructor({ client, name = NAME, identity }: KubeLeaseOptions) {
    this.#client = client;
    this.#name = name;
    this.#path = client.path("leases", name);
    this.#identity = identity ?? `${hostname()}_${process.pid}_${randomUUID()}`;
  }

  /** Costs no call while it is held, nor while the watch of `onFree()` shows that somebody else has it. */
  async acquire(): Promise<boolean> {
    if (this.held()) return true;
    if (this.#closed || this.#isSeenTaken()) return false;
    return this.#inTurn(async () => this.held() || this.#take());
  }

  held(): boolean {
    const until = this.#until;
    return until !== undefined && Date.now() < until.wall && performance.now() < until.monotonic;
  }

  async release(): Promise<void> {
    this.#epoch += 1;
    if (!this.#until) return;
    this.#lose();
    await this.#inTurn(async () => this.#give());
  }

  onFree(listener: () => void): () => void {
    // One function may listen twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    if (!this.#closed) this.#reflector ??= this.#follow();
    return () => void this.#listeners.delete(own);
  }

  /** Gives it up and ends the watch; the client is left to whoever made it. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#listeners.clear();
    clearTimeout(this.#expiry);
    await this.release();
    await this.#reflector?.close();
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  /** The watch is only believed when it says that there is no use in trying. */
  #isSeenTaken(): boolean {
    const seen = this.#reflector?.connected === true ? this.#reflector.get(this.#name) : undefined;
    return seen !== undefined && isTaken(seen, this.#identity, this.#client.serverNow());
  }

  async #take(): Promise<boolean> {
    const found = await this.#client.find<LeaseObject>(this.#path, { timeoutMs: CALL_MS });
    const before = found && toLeaseState(found);
    if (this.#closed) return false;
    if (!before || !isTaken(before, this.#identity, this.#client.serverNow()))
      return this.#write(before);
    this.#waitForExpiry(before);
    return false;
  }

  /** Takes or renews it, unless the object has changed since. */
  async #write(before: LeaseState | undefined): Promise<boolean> {
    const epoch = this.#epoch;
    const since = { wall: Date.now(), monotonic: performance.now() };
    const spec = toLeaseSpec(before, this.#identity, this.#client.serverNow());
    try {
      const object = await this.#put(before, spec);
      this.#state = toLeaseState(object);
      if (epoch !== this.#epoch) return false;
      this.#keep(this.#state.expiresAt, since);
      return true;
    } catch (error) {
      // Somebody else was quicker.
      if (isConflict(error) || isAlreadyExists(error) || isNotFound(error)) return false;
      throw error;
    }
  }

  async #put(
    before: LeaseState | undefined,
    spec: NonNullable<LeaseObject["spec"]>,
  ): Promise<LeaseObject> {
    const object = {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: {
        name: this.#name,
        namespace: this.#client.namespace,
        labels: { [LABEL.managedBy]: MANAGER },
        ...(before ? { uid: before.objectUid, resourceVersion: before.resourceVersion } : {}),
      },
      spec,
    };
    const options = { timeoutMs: CALL_MS };
    return before
      ? this.#client.replace<LeaseObject>(this.#path, object, options)
      : this.#client.create<LeaseObject>(this.#client.path("leases"), object, options);
  }

  /** Until the margin before its expiry: by the server's clock as of now, and by the own ones from when the call began. */
  #keep(expiresAt: number, since: { readonly wall: number; readonly monotonic: number }): void {
    const leftMs = expiresAt - this.#client.serverNow() - MARGIN_MS;
    const mostMs = LEASE_SECONDS * 1000 - MARGIN_MS;
    this.#until = {
      wall: Math.min(since.wall + mostMs, Date.now() + leftMs),
      monotonic: Math.min(since.monotonic + mostMs, performance.now() + leftMs),
    };
    this.#renewal ??= setInterval(() => {
      this.#inTurn(async () => this.#renew()).catch(() => {
        // No answer, or none in time: tried again until the time is over.
      });
    }, RENEW_MS).unref();
  }

  async #renew(): Promise<void> {
    if (!this.#until || !this.#state) return;
    // A swap that was carried out although its answer was lost makes the next one fail: the object tells who has it.
    const epoch = this.#epoch;
    if ((await this.#write(this.#state)) || (await this.#take())) return;
    if (epoch === this.#epoch) this.#lose();
  }

  #lose(): void {
    this.#until = undefined;
    clearInterval(this.#renewal);
    this.#renewal = undefined;
  }

  /** Nobody waits for what comes of it: at worst the others wait until it expires. */
  async #give(): Promise<void> {
    if (!this.#state) return;
    const spec = toLeaseSpec(this.#state, undefined, this.#client.serverNow());
    try {
      await this.#put(this.#state, spec);
    } catch (error) {
      if (!(error instanceof ManagerError)) throw error;
    }
  }

  #follow(): Reflector<LeaseObject, LeaseState> {
    const reflector = new Reflector<LeaseObject, LeaseState>({
      client: this.#client,
      path: this.#client.path("leases"),
      fieldSelector: `metadata.name=${this.#name}`,
      slim: toLeaseState,
    });
    reflector.onChange((event) => {
      if (event.type !== "disconnected") this.#look();
    });
    return reflector;
  }

  /** Tells that it is free, or waits for its expiry. */
  #look(): void {
    clearTimeout(this.#expiry);
    if (this.#closed || this.held()) return;
    const seen = this.#reflector?.get(this.#name);
    if (seen && isTaken(seen, this.#identity, this.#client.serverNow()))
      return this.#waitForExpiry(seen);
    for (const listener of this.#listeners) listener();
  }

  #waitForExpiry({ expiresAt }: LeaseState): void {
    clearTimeout(this.#expiry);
    if (this.#closed || this.#listeners.size === 0) return;
    const afterMs = expiresAt - this.#client.serverNow() + LATE_MS;
    this.#expiry = setTimeout(() => this.#look(), afterMs).unref();
  }
}
