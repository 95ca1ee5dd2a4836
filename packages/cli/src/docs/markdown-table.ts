/** Lines of a Markdown table, and an empty one after it. */
export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  return [line(header), `|${"---|".repeat(header.length)}`, ...rows.map((row) => line(row)), ""];
}

/** A text outside of code, where Markdown takes `<` for HTML. */
export function escapeText(text: string): string {
  return text.replaceAll("<", "&lt;");
}

function line(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
