import type { CaseContext } from "./case-context.ts";
import type { ControlName, WorldOptions } from "./harness.ts";

/** One rule of the backend contract, with a proof. */
export interface ConformanceCase {
  /** Stable: `<area>/<what>`. */
  readonly id: string;
  /** What a backend must do, for `docs/backend-contract.md`. */
  readonly rule: string;
  /** Optional abilities of the harness that it cannot do without. */
  readonly needs?: readonly ControlName[];
  /** A world of its own; where absent the world is shared with other cases that run at the same time. */
  readonly world?: WorldOptions;
  /** Rejects when the rule is broken. */
  readonly run: (context: CaseContext) => Promise<void>;
}

/** Cases of one area. */
export interface ConformanceArea {
  /** The first part of its ids. */
  readonly name: string;
  readonly summary: string;
  readonly cases: readonly ConformanceCase[];
}

/** What became of a case. */
export type CaseOutcome = "passed" | "failed" | "deviates" | "not-applicable";

/** The result of one case, for machines. */
export interface CaseResult {
  readonly id: string;
  readonly outcome: CaseOutcome;
  /** Why it deviates or is not applicable, or what failed. */
  readonly reason?: string;
  /** What the failure was, also of a case that is listed to deviate. */
  readonly error?: unknown;
  readonly durationMs: number;
}
