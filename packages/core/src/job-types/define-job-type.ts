import { z } from "zod";
import { ManagerError } from "../errors/manager-error.ts";
import type { JobType } from "./job-type.ts";

/**
 * Names that a parameter may not have: `name` and `files` are part of every request, the others are options of `jrun submit` and
 * `jrun plan`.
 */
export const RESERVED_PARAMETERS: ReadonlySet<string> = new Set([
  "name",
  "files",
  "replace",
  "force",
  "dryRun",
  "wait",
  "follow",
  "output",
  "config",
  "namespace",
  "color",
  "quiet",
  "help",
]);

/**
 * A job type, checked for its shape; the built-in types and a user's own are made by it.
 * @throws ManagerError CONFIG_INVALID when the definition is not usable: a bad name, a schema that is not a strict
 * object, a parameter of a reserved name, a positional parameter that the schema lacks.
 */
export function defineJobType<Schema extends z.ZodObject>(
  definition: JobType<Schema>,
): JobType<Schema> {
  assertJobType(definition, "the definition");
  return definition;
}

/**
 * Checks that a value, such as a module's export, is a job type.
 * @param origin - where it came from, for messages.
 * @throws ManagerError CONFIG_INVALID.
 */
export function assertJobType(value: unknown, origin: string): asserts value is JobType {
  const refuse = (problem: string): never => {
    throw new ManagerError("CONFIG_INVALID", `${origin} is not a job type: ${problem}`, {
      hint: "Make it with `defineJobType()` of @juliarun/core.",
    });
  };
  if (typeof value !== "object" || value === null) return refuse("it is not an object");
  const { name, summary, schema, positional, plan } = value as Partial<
    Record<keyof JobType, unknown>
  >;
  if (typeof name !== "string" || !/^[A-Za-z][A-Za-z0-9]*$/.test(name)) {
    return refuse(`its name must be letters and digits, not ${JSON.stringify(name)}`);
  }
  if (typeof summary !== "string") return refuse("it has no summary");
  if (typeof plan !== "function") return refuse("it has no function plan()");
  if (!(schema instanceof z.ZodObject))
    return refuse("its schema must be z.strictObject(…) of zod 4");
  const { catchall } = schema.def;
  if (!(catchall instanceof z.ZodNever))
    return refuse("its schema must be strict, so that typing errors are found");
  const parameters = Object.keys(schema.shape);
  const reserved = parameters.find((parameter) => RESERVED_PARAMETERS.has(parameter));
  if (reserved !== undefined) {
    return refuse(`its parameter ${reserved} has a name that every job and command uses itself`);
  }
  for (const parameter of Array.isArray(positional) ? positional : [undefined]) {
    if (!parameters.includes(String(parameter))) {
      return refuse(`its positional parameter ${String(parameter)} is not in its schema`);
    }
  }
}
