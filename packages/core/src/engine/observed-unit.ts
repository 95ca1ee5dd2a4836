import type { UnitRole } from "../plan/unit-id.ts";
import type { ReasonCode } from "../status/reason.ts";

/** A unit's container as an engine shows it: a fact, without judgement. */
export interface ObservedUnit {
  readonly jobUid: string;
  readonly role: UnitRole;
  readonly index: number;
  /** Number of this container for its unit, from 0. */
  readonly attempt: number;
  /** The engine's identifier of the container. */
  readonly engineId: string;
  /**
   * `created`: not started (with `error`: the start failed); `pending`: accepted by an engine that starts it when it can;
   * `restarting`: the engine itself will start it again.
   */
  readonly state: "created" | "pending" | "running" | "restarting" | "exited";
  /** Of a running unit with a readiness probe: whether it answers. */
  readonly ready?: boolean;
  /** The record's revision that it was made from; 0 where absent. */
  readonly revision?: number;
  /** Its engine's controller replaces it when its job is updated. */
  readonly controlled?: boolean;
  /** What a `pending` unit waits for, where the engine says so. */
  readonly waiting?: { readonly reason: ReasonCode; readonly message: string };
  /** Of the last end; absent while none is known. */
  readonly exitCode?: number;
  readonly outOfMemory?: boolean;
  /** Why the engine ended it for its own doing, other than memory, in the engine's words without a full stop. */
  readonly evicted?: string;
  /** Why the start failed, in the engine's words. */
  readonly error?: string;
  /** What the engine's words mean, where it is known; `StartFailed` where absent. */
  readonly errorReason?: ReasonCode;
  /** An `exited` unit that the engine will not start again, whatever is left of its restarts. */
  readonly gaveUp?: boolean;
  /** Restarts by the engine that are known of. */
  readonly restarts?: number;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  /** Milliseconds since 1970. */
  readonly finishedAt?: number;
}
