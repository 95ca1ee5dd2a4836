import { z } from "zod";
import { inputSchema } from "./known-keys.ts";

const split = (text: string): string[] => text.split(",").map((item) => item.trim());

function listFrom(element: z.core.$ZodType, value: unknown): unknown {
  const given: unknown = typeof value === "string" ? split(value) : value;
  if (!Array.isArray(given)) return given;
  // A repeated flag gives a list already; only texts may have commas of their own.
  const plain = inputSchema(element) instanceof z.ZodString;
  const items = plain
    ? given
    : given.flatMap((item: unknown) => (typeof item === "string" ? split(item) : [item]));
  return items.map((item: unknown) => fromText(element, item));
}

function recordFrom(element: z.core.$ZodType, value: unknown): unknown {
  const items: unknown = typeof value === "string" ? value.split(",") : value;
  if (!Array.isArray(items)) return items;
  const pairs = items.map((item) => /^([^=]+)=(.*)$/s.exec(String(item).trim()));
  if (pairs.includes(null)) return value;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], fromText(element, pair?.[2])]));
}

/**
 * A value that a command line or a query has as text, in the form that a plain schema wants: numbers, booleans, lists
 * (`a,b`) and maps (`a=1,b=2`). What does not look like it is left as it is, for the schema to refuse.
 */
export function fromText(schema: z.core.$ZodType, value: unknown): unknown {
  const wanted = inputSchema(schema);
  if (wanted instanceof z.ZodArray) return listFrom(wanted.element, value);
  if (wanted instanceof z.ZodRecord) return recordFrom(wanted.valueType, value);
  if (typeof value !== "string") return value;
  if (wanted instanceof z.ZodNumber && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(value)) return Number(value);
  if (wanted instanceof z.ZodBoolean && (value === "true" || value === "false"))
    return value === "true";
  return value;
}
