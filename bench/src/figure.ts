import { median, quantile } from "./median.ts";

/** What one measurement says, and what it should say. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  /** The same on the engine's raw API, from the same run; absent where there is no such thing. */
  readonly raw?: number;
  /** Half of the values of ours lie between these. */
  readonly spread?: readonly [number, number];
  /** How many measurements the values are medians of. */
  readonly measurements: number;
  readonly goal?: Goal;
}

/** What is compared with the limit: ours, or ours as a share of raw. */
export interface Goal {
  readonly of: "ours" | "ratio";
  readonly comparison: "at most" | "at least";
  readonly limit: number;
}

/** Values of ours and raw that were measured in turn. */
export interface Pairs {
  readonly ours: readonly number[];
  readonly raw: readonly number[];
}

/** The figure of medians. */
export function toFigure(
  { what, unit, goal }: Pick<Figure, "what" | "unit" | "goal">,
  { ours, raw }: Pairs,
): Figure {
  return {
    what,
    unit,
    ours: median(ours),
    spread: [quantile(ours, 0.25), quantile(ours, 0.75)],
    measurements: ours.length,
    ...(raw.length === 0 ? {} : { raw: median(raw) }),
    ...(goal === undefined ? {} : { goal }),
  };
}

/** Ours as a share of raw. */
export function ratio({ ours, raw }: Figure): number | undefined {
  return raw === undefined ? undefined : ours / raw;
}

/** Undefined for a figure without a goal. */
export function isReached(figure: Figure): boolean | undefined {
  const { goal } = figure;
  if (!goal) return undefined;
  const value = goal.of === "ours" ? figure.ours : (ratio(figure) ?? Number.NaN);
  return goal.comparison === "at most" ? value <= goal.limit : value >= goal.limit;
}
