import Table from "cli-table3";

const NO_LINES = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "",
};

/** Rows as aligned columns without lines between them, as docker and kubectl print them. Without header: only the rows. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 3 },
  });
  const lines = header.length > 0 ? [header, ...rows] : rows;
  // A line break inside a cell would make a second line of it.
  table.push(...lines.map((line) => line.map((cell) => cell.replaceAll(/\s*[\r\n]+\s*/g, " "))));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
