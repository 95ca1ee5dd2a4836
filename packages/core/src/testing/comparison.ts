import { CONFORMANCE_AREAS } from "./all-cases.ts";
import type { ConformanceArea, ConformanceCase } from "./conformance-case.ts";
import type { ConformanceReport } from "./report.ts";

/** A backend to be compared. */
export interface ComparedBackend {
  /** Column heading. */
  readonly title: string;
  readonly report: ConformanceReport;
}

type Result = ConformanceReport["cases"][number];

interface Column {
  readonly title: string;
  readonly results: ReadonlyMap<string, Result>;
}

const INTRODUCTION = `# What each backend does

Made from the results of the conformance suite by \`npm run docs:backends\`, after \`npm test\` has run it on every backend;
\`npm test\` says when it is stale. The rules are those of [backend-contract.md](backend-contract.md).

- **yes**: the case passes on this backend.
- **deviates**: the backend does otherwise, for the reason below the table. A deviation that is none any more fails the suite.
- **n/a**: the case cannot be tried there, for the reason below the table.
`;

/**
 * What a report lacks for a comparison: cases that failed, and cases without result. Empty: it may be written down. Pure.
 */
export function reportProblems(
  { cases }: ConformanceReport,
  areas: readonly ConformanceArea[] = CONFORMANCE_AREAS,
): string[] {
  const results = new Map(cases.map((result) => [result.id, result]));
  return areas.flatMap((area) =>
    area.cases.flatMap(({ id }) => {
      const result = results.get(id);
      if (!result) return [`${id} has no result`];
      return result.outcome === "failed" ? [`${id} failed`] : [];
    }),
  );
}

/** A comparison of backends, case by case, as Markdown for `docs/backends.md`. The reports have no problems. Pure. */
export function renderComparison(
  backends: readonly ComparedBackend[],
  areas: readonly ConformanceArea[] = CONFORMANCE_AREAS,
): string {
  const columns = backends.map(({ title, report }) => ({
    title,
    results: new Map(report.cases.map((result) => [result.id, result])),
  }));
  const tables = areas.map((area) => renderArea(area, columns));
  return [INTRODUCTION, renderSummary(areas, columns), ...tables].join("\n");
}

function renderSummary(areas: readonly ConformanceArea[], columns: readonly Column[]): string {
  const rows = areas.map(({ name, cases }) => [
    `[${name}](#${name})`,
    ...columns.map((column) => countOf(cases, column)),
  ]);
  const all = areas.flatMap(({ cases }) => cases);
  const total = ["**all**", ...columns.map((column) => `**${countOf(all, column)}**`)];
  return `${renderTable(["rules", ...columns.map(({ title }) => title)], [...rows, total])}\n`;
}

function countOf(cases: readonly ConformanceCase[], { results }: Column): string {
  const passed = cases.filter(({ id }) => results.get(id)?.outcome === "passed").length;
  return passed === cases.length ? `${passed}` : `${passed} of ${cases.length}`;
}

function renderArea({ name, summary, cases }: ConformanceArea, columns: readonly Column[]): string {
  const rows = cases.map(({ id, rule }) => [
    `\`${id}\`: ${rule}`,
    ...columns.map(({ results }) => wordOf(results.get(id))),
  ]);
  const table = renderTable(["rule", ...columns.map(({ title }) => title)], rows);
  const reasons = columns.flatMap((column) => renderReasons(cases, column));
  return [`## ${name}\n`, `${summary}\n`, `${table}\n`, ...blockOf(reasons)].join("\n");
}

function wordOf(result: Result | undefined): string {
  if (result?.outcome === "passed") return "yes";
  return result?.outcome === "deviates" ? "**deviates**" : "n/a";
}

/** One line for each reason, with all cases that have it. */
function renderReasons(cases: readonly ConformanceCase[], { title, results }: Column): string[] {
  const idsOf = new Map<string, string[]>();
  for (const { id } of cases) {
    const { outcome, reason = "no reason given" } = results.get(id) ?? {};
    if (outcome === "passed" || outcome === undefined) continue;
    const what = outcome === "deviates" ? "deviates" : "n/a";
    const line = `${title}, ${what}: ${reason}`;
    idsOf.set(line, [...(idsOf.get(line) ?? []), `\`${id}\``]);
  }
  return [...idsOf].map(([line, ids]) => `- ${line} (${ids.join(", ")})`);
}

function blockOf(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${lines.join("\n")}\n`];
}

function renderTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => "---"), ...rows].map((cells) => renderRow(cells));
  return lines.join("\n");
}

function renderRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", String.raw`\|`)).join(" | ")} |`;
}
