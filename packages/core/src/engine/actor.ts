import pLimit, { type LimitFunction } from "p-limit";
import type { Capacity } from "../backend/cluster-info.ts";
import { isManagerError, toManagerError, type ManagerError } from "../errors/manager-error.ts";
import { graceSecondsIn, isService } from "../plan/service-plan.ts";
import { unitKey, type Candidate } from "../reconcile/admission.ts";
import { isAtRest } from "../reconcile/at-rest.ts";
import { isSettled } from "../reconcile/reconcile-changed.ts";
import type { Reconciliation, UnitAction } from "../reconcile/reconcile.ts";
import type { JobRecord } from "../record/job-record.ts";
import type { Lease } from "../record/lease.ts";
import { updateRecord, type RecordStore } from "../record/record-store.ts";
import { Backoff } from "./backoff.ts";
import { delay } from "./delay.ts";
import { failedStart } from "./failed-start.ts";
import { startedUnit } from "./started-unit.ts";
import type { ObservedUnit } from "./observed-unit.ts";
import type { Pulse } from "./pulse.ts";
import { dealWithStrays } from "./strays.ts";
import { planSurvey } from "./survey.ts";
import { isUnrecorded, takeSurvey, type TakenSurvey } from "./take-survey.ts";
import type { UnitEngine } from "./unit-engine.ts";
import { jobKey, WorkUnderWay, type WorkKind } from "./under-way.ts";
import { WakeTimer } from "./wake-timer.ts";

/** Engine calls under way at once; more only makes an engine slower. */
const CONCURRENCY = 16;
/** Looks again after this time even if nothing was told: a net below the event streams. */
const SAFETY_MS = 30_000;

/** An engine with controllers is looked at again after a pause as long as the look took, if that was long; at most this. */
const LONG_LOOK_MS = 50;
const LONGEST_PAUSE_MS = 250;

/** What an {@link Actor} works with. */
export interface ActorParts {
  readonly store: RecordStore;
  readonly engine: UnitEngine;
  readonly lease: Lease;
  readonly pulse: Pulse;
  readonly room: () => Promise<Capacity>;
  readonly now: () => number;
}

/** Units of one pass by `unitKey()`: those that may start, and those that had an action under way. */
interface PassUnits {
  readonly admitted: ReadonlyMap<string, Candidate>;
  readonly busy: ReadonlySet<string>;
}

/**
 * Runs `reconcile()` for all jobs of an engine whenever something changed, as long as it holds the lease; stands by
 * otherwise. Actions run side by side; a unit with an action under way is left alone until that has ended.
 */
export class Actor {
  readonly #parts: ActorParts;
  readonly #limit: LimitFunction = pLimit(CONCURRENCY);
  readonly #writes: LimitFunction = pLimit(CONCURRENCY);
  readonly #underWay = new WorkUnderWay();
  readonly #backoff: Backoff;
  readonly #timer: WakeTimer;
  readonly #idleWaiters = new Set<() => void>();
  #unsubscribe: (() => void) | undefined;
  #dirty = false;
  #loop: Promise<void> | undefined;
  #idle = false;
  #looksLeft = Infinity;
  #closed = false;

  constructor(parts: ActorParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.now);
    this.#timer = new WakeTimer(parts.now, () => this.request());
  }

  /** Begins to act, or to stand by while another process acts. */
  start(): void {
    if (this.#unsubscribe || this.#closed) return;
    const unsubscribes = [
      this.#parts.pulse.subscribe((beat) => {
        if (beat.type !== "disconnected") this.request();
      }),
      this.#parts.lease.onFree(() => this.request()),
    ];
    this.#unsubscribe = () => unsubscribes.forEach((unsubscribe) => unsubscribe());
    this.request();
  }

  /** Something may have changed: look again soon. */
  request(): void {
    if (this.#closed || !this.#unsubscribe) return;
    this.#dirty = true;
    this.#loop ??= this.#run();
  }

  /** Resolves when nothing is left to do for any job until somebody changes a record, or the signal aborts. */
  async untilIdle(signal: AbortSignal): Promise<void> {
    if (this.#idle || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        signal.removeEventListener("abort", done);
        this.#idleWaiters.delete(done);
        resolve();
      };
      this.#idleWaiters.add(done);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  /** Whether nothing is left to do for any job; only looks. */
  async isIdle(): Promise<boolean> {
    const { store, engine, now, room } = this.#parts;
    const survey = await takeSurvey(store, engine, isUnrecorded);
    const { reconciliations } = planSurvey(survey, await room(), NONE, now());
    return reconciliations.every((each) => isAtRest(each));
  }

  /**
   * Whether this actor starts the container at this moment. There is nothing to be known of it yet, and an engine may answer
   * questions about it only when it has started, which would hold up all other jobs.
   */
  isStarting({ jobUid, ...unit }: ObservedUnit): boolean {
    return unit.state === "created" && this.#underWay.kindOf(unitKey(jobUid, unit)) === "start";
  }

  /** Whether no other process acts on the jobs meanwhile: only then a failed start or a missing container tells an end. */
  async mayJudge(): Promise<boolean> {
    const { lease } = this.#parts;
    try {
      if (this.#closed || !(lease.held() || (await lease.acquire()))) return false;
    } catch (error) {
      // Who may only look never acts.
      if (isManagerError(error, "FORBIDDEN")) return false;
      throw error;
    }
    // Who has the lease must act.
    this.start();
    return true;
  }

  /**
   * Applies what a submit has just claimed, so that this actor, which may see the record before, does not do the same beside it.
   * Needs no lease: whatever is there already stays.
   * @throws what the engine says.
   */
  async applyNow(record: JobRecord, actions: readonly UnitAction[]): Promise<void> {
    const applied = Promise.resolve(this.#parts.engine.apply?.(record, actions));
    const key = jobKey(record.uid);
    if (this.#underWay.has(key)) return applied;
    const settled = applied.catch(() => undefined);
    this.#underWay.add(key, "apply", settled, (overtaken) => overtaken && this.request());
    return applied;
  }

  /** Finishes what is under way and hands over to the next actor. */
  async close(): Promise<void> {
    // What was asked for in the last moment is still begun; what comes of it is left to the next actor.
    this.#looksLeft = 1;
    await this.#loop;
    this.#closed = true;
    this.#unsubscribe?.();
    this.#timer.clear();
    await this.#underWay.finish();
    await this.#parts.lease.release();
  }

  async #run(): Promise<void> {
    try {
      while (this.#dirty && this.#looksLeft-- > 0) {
        this.#dirty = false;
        this.#timer.set(this.#parts.now() + SAFETY_MS);
        const begin = performance.now();
        await this.#look();
        const lookMs = performance.now() - begin;
        // Its controllers do not wait for us: what happens meanwhile is seen, and stored, as one.
        if (this.#dirty && this.#parts.engine.apply && lookMs > LONG_LOOK_MS)
          await delay(Math.min(LONGEST_PAUSE_MS, lookMs));
      }
    } finally {
      // In the same breath as the last look at #dirty: a request is never lost.
      this.#loop = undefined;
    }
  }

  async #look(): Promise<void> {
    try {
      if (!(await this.#parts.lease.acquire())) return;
      await this.#pass();
      this.#backoff.succeeded("pass");
    } catch {
      // The engine or the store does not answer: whoever waits for a result is told by their own calls.
      this.#retryLater("pass");
    }
  }

  async #pass(): Promise<void> {
    const { store, engine, now, room } = this.#parts;
    // What ends while one looks is seen as it was before: such units are left to the next look.
    const earlier = this.#underWay.keys();
    const survey = await takeSurvey(
      store,
      engine,
      (record, unit) => isUnrecorded(record, unit) && !this.isStarting(unit),
    );
    const busy = earlier.union(this.#underWay.keys());
    const plan = planSurvey(survey, await room(), busy, now());
    const admitted = new Map(
      plan.admission.admitted.map((each) => [unitKey(each.record.uid, each.unit), each]),
    );
    const strays = await this.#handleStrays(survey);
    await this.#carryOutAll(survey.records, plan.reconciliations, { admitted, busy });
    this.#setIdle(
      plan.reconciliations.every((each) => isAtRest(each)) &&
        this.#underWay.size === 0 &&
        strays === 0,
    );
  }

  async #carryOutAll(
    records: readonly JobRecord[],
    reconciliations: readonly Reconciliation[],
    units: PassUnits,
  ): Promise<void> {
    const writes: Promise<void>[] = [];
    for (const [index, reconciliation] of reconciliations.entries()) {
      const before = records[index];
      if (!before) continue;
      if (isSettled(before, reconciliation)) {
        this.#backoff.succeeded(before.uid);
        continue;
      }
      const carryOut = async (): Promise<void> => this.#carryOutOne(before, reconciliation, units);
      // Where room is shared out, those that came first start first.
      if (this.#parts.engine.apply) writes.push(this.#writes(carryOut));
      else await carryOut();
    }
    await Promise.all(writes);
  }

  /** What goes wrong with one job must not hold up the others. */
  async #carryOutOne(
    before: JobRecord,
    reconciliation: Reconciliation,
    units: PassUnits,
  ): Promise<void> {
    const notBefore = this.#backoff.notBefore(before.uid);
    if (notBefore !== undefined) return this.#timer.set(notBefore);
    try {
      await this.#carryOut(before, reconciliation, units);
      this.#backoff.succeeded(before.uid);
    } catch {
      this.#retryLater(before.uid);
    }
  }

  async #carryOut(
    before: JobRecord,
    { record, actions, forget, wakeAt }: Reconciliation,
    { admitted, busy }: PassUnits,
  ): Promise<void> {
    const { store, engine, lease } = this.#parts;
    let current: JobRecord | undefined = before;
    if (record !== before) {
      current = await store.replace(record);
      this.#dirty = true;
      if (!current) return;
    }
    if (wakeAt !== undefined) this.#timer.set(wakeAt);
    if (!lease.held()) return void (this.#dirty = true);
    if (forget && !this.#underWay.isBusy(record.uid)) {
      await engine.cleanup(record);
      await store.remove(record);
    }
    if (engine.apply) return this.#applyOnce(record, actions, busy);
    for (const action of actions) {
      const key = unitKey(record.uid, action.unit);
      if (busy.has(key) || this.#underWay.has(key)) continue;
      if (action.kind === "start" && !admitted.has(key)) continue;
      const notBefore = this.#backoff.notBefore(key);
      if (notBefore === undefined) this.#begin(key, action, current);
      else this.#timer.set(notBefore);
    }
  }

  /** All actions on a job at once, for an engine with controllers. */
  #applyOnce(record: JobRecord, actions: readonly UnitAction[], busy: ReadonlySet<string>): void {
    const { engine, lease } = this.#parts;
    if (actions.length === 0) return;
    const key = jobKey(record.uid);
    if (this.#underWay.has(key)) return this.#underWay.overtake(key);
    // It has ended since this look began: what was seen is older.
    if (busy.has(key)) return void (this.#dirty = true);
    const notBefore = this.#backoff.notBefore(key);
    if (notBefore !== undefined) return this.#timer.set(notBefore);
    const start = actions.find((action) => action.kind === "start");
    this.#track(key, "apply", start, record, async () => {
      if (lease.held()) await engine.apply?.(record, actions);
    });
  }

  #begin(key: string, action: UnitAction, record: JobRecord | undefined): void {
    this.#track(key, action.kind, action, record, async () => this.#apply(action, record));
  }

  #track(
    key: string,
    kind: WorkKind,
    action: UnitAction | undefined,
    record: JobRecord | undefined,
    carryOut: () => Promise<void>,
  ): void {
    const work = this.#limit(carryOut)
      .then(() => this.#backoff.succeeded(key))
      .catch((error: unknown) => this.#failed(key, action, record, toManagerError(error)))
      // The store did not answer either.
      .catch(() => this.#retryLater(key));
    this.#underWay.add(key, kind, work, (overtaken) => {
      // What controllers make of it is told by the engine's events; asking again at once would never end.
      if (kind !== "apply" || overtaken) this.request();
    });
  }

  async #apply(action: UnitAction, record: JobRecord | undefined): Promise<void> {
    const { engine, lease, store } = this.#parts;
    // The lease may have been lost while this waited for its turn.
    if (!lease.held()) return;
    switch (action.kind) {
      case "start": {
        if (!record) return;
        const { unit, attempt, restartsLeft } = action;
        const startedAt = await engine.start({ record, unit, attempt, restartsLeft });
        if (startedAt === undefined) return;
        await updateRecord(store, record, (current) =>
          startedUnit(current, unit, attempt, startedAt),
        );
        return;
      }
      case "restart":
        return engine.restart(action.observed, action.restartsLeft);
      case "stop":
        await engine.stop(action.observed, graceSecondsIn(record?.plan, action.unit.role));
        // What stands before a service's units has nothing to do any more.
        if (record?.outcome && isService(record.plan)) await engine.cleanup(record);
        return;
      case "remove":
        await engine.stop(action.observed, graceSecondsIn(record?.plan, action.unit.role));
        return engine.remove(action.observed);
      case "update":
        // Only where controllers do it, see `apply`.
        return;
    }
  }

  /** What the engine refused for good ends the unit; anything else is tried again, with growing pauses. */
  async #failed(
    key: string,
    action: UnitAction | undefined,
    record: JobRecord | undefined,
    error: ManagerError,
  ): Promise<void> {
    if (!record || action?.kind !== "start" || error.retryable || error.code === "CANCELLED")
      return this.#retryLater(key);
    await updateRecord(this.#parts.store, record, (current) =>
      failedStart(current, action.unit, action.attempt, error, this.#parts.now()),
    );
  }

  #retryLater(key: string): void {
    this.#timer.set(this.#backoff.failed(key));
  }

  /** @returns how many containers there are to be dealt with that no active job wants. */
  async #handleStrays({ strays }: TakenSurvey): Promise<number> {
    const found = await dealWithStrays(this.#parts.store, strays);
    for (const { record, action } of found) {
      if (this.#parts.engine.apply) {
        if (record) this.#applyOnce(record, [action], NONE);
        continue;
      }
      const key = unitKey(action.observed.jobUid, action.unit);
      if (!this.#underWay.has(key)) this.#begin(key, action, record);
    }
    return found.length;
  }

  #setIdle(idle: boolean): void {
    this.#idle = idle && !this.#dirty;
    if (this.#idle) for (const waiter of this.#idleWaiters) waiter();
  }
}

const NONE: ReadonlySet<string> = new Set();
