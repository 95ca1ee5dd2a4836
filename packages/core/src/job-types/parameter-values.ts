import { z } from "zod";

const LABEL = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_PREFIX = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** `A=B` items as pairs; undefined for an item without `=`. */
function toPairs(items: readonly string[]): [string, string][] | undefined {
  const pairs: [string, string][] = [];
  for (const item of items) {
    const at = item.indexOf("=");
    if (at < 1) return undefined;
    pairs.push([item.slice(0, at), item.slice(at + 1)]);
  }
  return pairs;
}

/** Names with text values; also as `NAME=value` items, as a command line has them. */
function textMap(what: string, check: (name: string, value: string) => string | undefined) {
  return z
    .union([z.record(z.string(), scalar), z.array(z.string())], { error: `must be ${what}` })
    .transform((value, context) => {
      const pairs = Array.isArray(value) ? toPairs(value) : Object.entries(value);
      if (!pairs) {
        context.addIssue({ code: "custom", message: `must be ${what}` });
        return z.NEVER;
      }
      const map: Record<string, string> = {};
      for (const [name, raw] of pairs) {
        const text = String(raw);
        const problem = check(name, text);
        if (problem !== undefined)
          context.addIssue({ code: "custom", path: [name], message: problem });
        map[name] = text;
      }
      return map;
    });
}

/** Environment variables of the user's: `JRUN_*` are refused, as the job's own are called so. */
export const envvars = textMap("environment variables such as NAME=value", (name, value) => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return "must be letters, digits and _, not starting with a digit";
  if (name.startsWith("JRUN_")) return "is reserved: names with JRUN_ are set by JuliaRun";
  return value.includes("\0") ? "must not contain a zero byte" : undefined;
});

/** Labels as Kubernetes allows them: an optional DNS prefix, a name and a value of at most 63 characters. */
export const labels = textMap("labels such as name=value", (key, value) => {
  const [name = "", prefix, ...more] = key.split("/").toReversed();
  const validKey =
    name !== "" &&
    LABEL.test(name) &&
    (prefix === undefined || LABEL_PREFIX.test(prefix)) &&
    more.length === 0;
  if (!validKey)
    return "must be at most 63 letters, digits, '-', '_' and '.', starting and ending with a letter or digit";
  return LABEL.test(value)
    ? undefined
    : `must have a value like its name has, not ${JSON.stringify(value)}`;
});

/** Several names, also with commas between them; each at most once. */
export function nameList<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .union([z.string(), z.array(z.string())], { error: "must be a list of names" })
    .transform((value) => {
      const names = [value].flat().flatMap((text) => text.split(","));
      return [...new Set(names.map((name) => name.trim()))].filter((name) => name !== "");
    })
    .pipe(z.array(item));
}

/** Arguments of the program, in order; one text is one argument. */
export const programArguments = z
  .union([z.string(), z.array(scalar)], { error: "must be a list of texts" })
  .transform((value) => (Array.isArray(value) ? value.map(String) : [value]))
  .pipe(
    z.array(
      z.string().refine((text) => !text.includes("\0"), { error: "must not contain a zero byte" }),
    ),
  );

const RESTART_SPELLINGS = {
  "on-failure": "on-failure",
  always: "always",
  never: "never",
  RestartOnFailure: "on-failure",
  RestartAlways: "always",
  RestartNever: "never",
  OnFailure: "on-failure",
  Always: "always",
  Never: "never",
} as const;

/** When an ended unit is started again; also in the spellings of older clients. */
export const restart = z
  .enum(Object.keys(RESTART_SPELLINGS) as (keyof typeof RESTART_SPELLINGS)[], {
    error: "must be on-failure, always or never",
  })
  .transform((spelling) => RESTART_SPELLINGS[spelling]);
