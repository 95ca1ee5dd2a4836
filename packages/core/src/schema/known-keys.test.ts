import { describe, expect, it } from "vitest";
import { z } from "zod";
import { knownKeys } from "./known-keys.ts";

const schema = z.strictObject({
  plain: z.string(),
  deep: z.strictObject({ a: z.string(), b: z.string() }).prefault({ a: "", b: "" }),
  list: z.array(z.strictObject({ c: z.string() }).optional()).default([]),
  map: z.record(z.string(), z.strictObject({ d: z.string() }).transform(String)),
  either: z.union([
    z.string(),
    z.strictObject({ file: z.string() }),
    z.strictObject({ env: z.string() }),
  ]),
});

describe("knownKeys", () => {
  it.each<[(string | number)[], string[]]>([
    [[], ["plain", "deep", "list", "map", "either"]],
    [["deep"], ["a", "b"]],
    [["list", 3], ["c"]],
    [["map", "any"], ["d"]],
    [["either"], ["file", "env"]],
    [["plain"], []],
    [["nowhere", "at", "all"], []],
  ])("finds the keys at %j", (path, keys) => {
    expect(knownKeys(schema, path)).toEqual(keys);
  });
});
