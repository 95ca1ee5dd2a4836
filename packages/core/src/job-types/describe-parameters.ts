import { z } from "zod";
import { inputSchema } from "../schema/known-keys.ts";
import { toKebabCase, toSnakeCase } from "../spec/normalise-keys.ts";
import type { JobType } from "./job-type.ts";

/** What a parameter takes, as far as a command line has to know. */
export type ParameterKind = "text" | "number" | "boolean" | "list" | "map";

/** A parameter of a job type, for command line flags, help and documentation. */
export interface ParameterInfo {
  /** `runVolume`. */
  readonly name: string;
  /** The manual's spelling, `run_volume`. */
  readonly manualName: string;
  /** Without its hyphens in front, `run-volume`. */
  readonly flag: string;
  readonly description: string;
  readonly kind: ParameterKind;
  /** What the value is called in help, such as `volume`; absent for booleans. */
  readonly placeholder?: string;
  /** Unit of a plain number, such as `seconds`. */
  readonly unit?: string;
  readonly choices?: readonly string[];
  readonly required: boolean;
  /** Value where it is not given; absent: none. */
  readonly default?: unknown;
  /** Whether the manual defines it; false for additions. */
  readonly manual: boolean;
}

function kindOf(schema: z.core.$ZodType): ParameterKind {
  const input = inputSchema(schema);
  if (input instanceof z.ZodBoolean) return "boolean";
  if (input instanceof z.ZodNumber) return "number";
  if (input instanceof z.ZodArray || input instanceof z.ZodTuple) return "list";
  if (input instanceof z.ZodRecord) return "map";
  if (!(input instanceof z.ZodUnion)) return "text";
  // Unions accept a value's text too; what else they accept says what it is.
  const kinds = new Set(input.options.map((option) => kindOf(option)));
  for (const kind of ["boolean", "map", "list"] as const) if (kinds.has(kind)) return kind;
  return "text";
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function describeParameter(name: string, field: z.ZodType): ParameterInfo {
  const meta = field.meta() ?? {};
  const kind = meta["kind"] === "number" ? "number" : kindOf(field);
  const placeholder = text(meta["value"]);
  const unit = text(meta["unit"]);
  const choices = meta["choices"];
  const fallback = field.safeParse(undefined);
  return {
    name,
    manualName: toSnakeCase(name),
    flag: toKebabCase(name),
    description: meta.description ?? "",
    kind,
    ...(kind === "boolean" ? {} : { placeholder: placeholder ?? kind }),
    ...(unit === undefined ? {} : { unit }),
    ...(Array.isArray(choices) ? { choices: choices.map(String) } : {}),
    required: !fallback.success,
    ...(fallback.data === undefined ? {} : { default: fallback.data }),
    manual: meta["manual"] === true,
  };
}

/** The parameters of a job type in the order of its schema. The job's name is not among them. */
export function describeParameters(type: JobType): ParameterInfo[] {
  return Object.entries(type.schema.shape).map(([name, field]) =>
    describeParameter(name, field as z.ZodType),
  );
}
