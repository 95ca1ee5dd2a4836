import type { MetricRow } from "../accounting/accounting.ts";

/** Metrics as an aligned text table, one row a line, newest last as given; a note where there are none. */
export function formatMetrics(rows: readonly MetricRow[], enabled: boolean): string {
  if (!enabled)
    return "No metrics are recorded: `accountingtype` of the configuration is NoAccounting.";
  if (rows.length === 0) return "No metrics in this period.";
  const tags = [...new Set(rows.flatMap((row) => Object.keys(row.tags)))].toSorted();
  const header = [
    "TIME",
    ...tags.map((tag) => tag.toUpperCase()),
    "RESOURCE",
    "AGGREGATE",
    "VALUE",
  ];
  const lines = rows.map((row) => [
    new Date(Number(row.atNs / 1_000_000n)).toISOString(),
    ...tags.map((tag) => row.tags[tag] ?? ""),
    row.resource,
    row.aggregate,
    String(row.value),
  ]);
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  return [header, ...lines]
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
