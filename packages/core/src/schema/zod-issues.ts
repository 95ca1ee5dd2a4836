import type { z } from "zod";
import type { InputIssue } from "./input-issue.ts";
import { knownKeys } from "./known-keys.ts";
import { nearestName } from "./nearest-name.ts";

/** How an unknown key is called in messages. */
export interface IssueWords {
  /** Said of an unknown key, such as `is not a parameter of JuliaBatch`. */
  readonly unknownKey: string;
  /** Spells a known key that is suggested for an unknown one; as it is where absent. */
  readonly spell?: (known: string, given: string) => string;
}

/** Stands for a value that is there and must not be shown. */
const HIDDEN = Symbol("hidden");

type Path = readonly (string | number)[];

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  tuple: "a list",
};

/** Keys whose values are never shown, even where they are wrong. */
const SECRET_KEYS: ReadonlySet<string> = new Set(["password", "token", "client-key-data"]);

/** The value for people: short, and only where it is a plain one. */
function shown(value: unknown): string {
  if (value === HIDDEN) return "";
  if (typeof value === "string")
    return `, not ${JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)}`;
  if (typeof value === "number" || typeof value === "boolean" || value === null)
    return `, not ${value}`;
  return "";
}

function describe(issue: z.core.$ZodIssue, value: unknown): Omit<InputIssue, "path"> {
  if (value === undefined && issue.code !== "custom") return { message: "is required" };
  // zod's own words begin so; what a schema says itself is kept.
  const own = !issue.message.startsWith("Invalid ");
  switch (issue.code) {
    case "invalid_type": {
      const expected = `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
      return { message: `${own ? issue.message : expected}${shown(value)}` };
    }
    case "invalid_value": {
      const names = issue.values.map(String);
      const suggestion = typeof value === "string" ? nearestName(value, names) : undefined;
      const expected = `must be ${names.length > 1 ? "one of " : ""}${names.join(", ")}`;
      const message = `${own ? issue.message : expected}${shown(value)}`;
      return suggestion === undefined ? { message } : { message, suggestion };
    }
    case "invalid_key": {
      return { message: issue.issues[0]?.message ?? issue.message };
    }
    case "custom": {
      const suggestion: unknown = issue.params?.["suggestion"];
      return typeof suggestion === "string"
        ? { message: issue.message, suggestion }
        : { message: issue.message };
    }
    case "invalid_union": {
      return {
        message: own
          ? `${issue.message}${shown(value)}`
          : `has a value that is not accepted${shown(value)}`,
      };
    }
    default: {
      return { message: issue.message };
    }
  }
}

/**
 * What zod found, one issue a problem, in words that stand after a path. Unknown keys get the nearest known one as
 * suggestion.
 */
export function toInputIssues(
  schema: z.ZodType,
  error: z.ZodError,
  input: unknown,
  words: IssueWords,
): InputIssue[] {
  return error.issues.flatMap((issue): InputIssue[] => {
    const path = issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
    if (issue.code !== "unrecognized_keys") {
      const value = valueAt(input, path);
      const secret = value !== undefined && SECRET_KEYS.has(String(path.at(-1)));
      return [{ path, ...describe(issue, secret ? HIDDEN : value) }];
    }
    const known = knownKeys(schema, path);
    return issue.keys.map((given) => {
      const nearest = nearestName(given, known);
      const unknown = { path: [...path, given], message: words.unknownKey };
      return nearest === undefined
        ? unknown
        : { ...unknown, suggestion: words.spell?.(nearest, given) ?? nearest };
    });
  });
}
