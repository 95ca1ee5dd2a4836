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
  /** `created`: not started (with `error`: the start failed); `restarting`: the engine itself will start it again. */
  readonly state: "created" | "running" | "restarting" | "exited";
  /** Of the last end; absent while none is known. */
  readonly exitCode?: number;
  readonly outOfMemory?: boolean;
  /** Why the start failed, in the engine's words. */
  readonly error?: string;
  /** What the engine's words mean, where it is known; `StartFailed` where absent. */
  readonly errorReason?: ReasonCode;
  /** Restarts by the engine that are known of. */
  readonly restarts?: number;
  /** Milliseconds since 1970. */
  readonly startedAt?: number;
  /** Milliseconds since 1970. */
  readonly finishedAt?: number;
}
