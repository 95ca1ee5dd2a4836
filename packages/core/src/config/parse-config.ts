import {
  findNodeAtLocation,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from "jsonc-parser";
import { ManagerError } from "../errors/manager-error.ts";
import { type InputIssue, formatIssue, formatPath } from "../schema/input-issue.ts";
import { checkConfig } from "./check-config.ts";
import type { Config } from "./config-schema.ts";
import { lineCounter } from "./line-counter.ts";

/** Where a configuration text came from. */
export interface ParseConfigOptions {
  /** Named in messages; default: `configuration`. */
  readonly filename?: string;
}

/** A problem at an offset of the text. */
interface PlacedIssue extends InputIssue {
  readonly offset: number;
}

const SYNTAX: Readonly<Record<string, string>> = {
  PropertyNameExpected: "a key in double quotes is missing here",
  ValueExpected: "a value is missing here",
  ColonExpected: 'a ":" is missing here',
  CommaExpected: 'a "," is missing here',
  CloseBraceExpected: 'a "}" is missing here',
  CloseBracketExpected: 'a "]" is missing here',
  EndOfFileExpected: "the file goes on after its end",
  InvalidSymbol: "this is neither a value nor a key in double quotes",
  InvalidNumberFormat: "this is not a number",
  UnexpectedEndOfComment: "the comment does not end",
  UnexpectedEndOfString: "the text does not end",
  UnexpectedEndOfNumber: "the number does not end",
  InvalidEscapeCharacter: "this escape is not known to JSON",
  InvalidCharacter: "this character must be escaped",
  InvalidUnicode: "this unicode escape is not valid",
};

function syntaxIssues(errors: readonly ParseError[]): PlacedIssue[] {
  // One missing bracket makes many errors; the first few tell it all.
  return errors.slice(0, 3).map(({ error, offset }) => {
    const code = printParseErrorCode(error);
    return { path: [], message: SYNTAX[code] ?? code, offset };
  });
}

/** Collects keys that stand twice in one object: JSON would silently take the last. */
function findDoubleKeys(
  node: Node,
  path: readonly (string | number)[],
  found: PlacedIssue[],
): void {
  const seen = new Set<string>();
  for (const [index, child] of (node.children ?? []).entries()) {
    if (node.type === "array") {
      findDoubleKeys(child, [...path, index], found);
      continue;
    }
    const [keyNode, valueNode] = child.children ?? [];
    const key = String(keyNode?.value);
    const place = [...path, key];
    if (seen.has(key))
      found.push({ path: place, message: "stands here a second time", offset: child.offset });
    seen.add(key);
    if (valueNode) findDoubleKeys(valueNode, place, found);
  }
}

/** Where the value at a path stands, or the nearest thing around it: a missing key is reported at its object. */
function offsetOf(root: Node, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    // The key rather than the value, except in lists.
    if (node) return node.parent?.type === "property" ? node.parent.offset : node.offset;
  }
  return root.offset;
}

function findIssues(text: string): { config?: Config; issues: PlacedIssue[] } {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  if (!root) return { issues: [{ path: [], message: "the file is empty", offset: 0 }] };
  if (errors.length > 0) return { issues: syntaxIssues(errors) };
  const found: PlacedIssue[] = [];
  findDoubleKeys(root, [], found);
  const { config, issues } = checkConfig(getNodeValue(root));
  for (const issue of issues) found.push({ ...issue, offset: offsetOf(root, issue.path) });
  return config && found.length === 0 ? { config, issues: [] } : { issues: found };
}

/**
 * Reads a configuration: JSON with comments and trailing commas.
 * @throws ManagerError CONFIG_INVALID that explains all problems at once, each with line and column;
 * `details.issues` is `[{ path, message, suggestion, line, column }]`, the path as text.
 */
export function parseConfig(text: string, options: ParseConfigOptions = {}): Config {
  const filename = options.filename ?? "configuration";
  // A byte order mark is what some editors put first.
  const { config, issues } = findIssues(text.replace(/^\uFEFF/, " "));
  if (config) return config;
  const place = lineCounter(text);
  const placed = issues
    .toSorted((a, b) => a.offset - b.offset)
    .map(({ path, message, suggestion, offset }) => {
      const { line, column } = place(offset);
      return { path: formatPath(path), message, suggestion, line, column };
    });
  const lines = placed.map(
    ({ line, column, ...issue }) => `${filename}:${line}:${column}: ${formatIssue(issue)}`,
  );
  const count = lines.length === 1 ? "a problem" : `${lines.length} problems`;
  throw new ManagerError("CONFIG_INVALID", `The configuration has ${count}:\n${lines.join("\n")}`, {
    details: { filename, issues: placed },
  });
}
