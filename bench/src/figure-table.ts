import { isReached, ratio, type Figure } from "./figure.ts";

const HEAD = ["what", "ours", "middle half", "raw", "ours / raw", "goal", "reached", "medians of"];

/** The figures as a table in Markdown. */
export function toMarkdown(figures: readonly Figure[]): string {
  const rows = [
    HEAD,
    HEAD.map((_, column) => (column === 0 ? "---" : "---:")),
    ...figures.map(toRow),
  ];
  return rows.map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function toRow(figure: Figure): string[] {
  const { what, unit, ours, raw, spread, measurements } = figure;
  const share = ratio(figure);
  return [
    what,
    `${format(ours)} ${unit}`,
    spread ? spread.map(format).join(" to ") : "",
    raw === undefined ? "" : `${format(raw)} ${unit}`,
    share === undefined ? "" : share.toFixed(2),
    goalText(figure),
    { true: "yes", false: "**no**", undefined: "" }[`${isReached(figure)}`],
    String(measurements),
  ];
}

function goalText({ goal, unit }: Figure): string {
  if (!goal) return "";
  const sign = goal.comparison === "at most" ? "≤" : "≥";
  return goal.of === "ours"
    ? `${sign} ${format(goal.limit)} ${unit}`
    : `${sign} ${goal.limit.toFixed(2)} × raw`;
}

/** Three digits that mean something. */
function format(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-9))));
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.min(digits, 2));
}
