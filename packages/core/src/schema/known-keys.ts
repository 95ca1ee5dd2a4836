import { z } from "zod";

/** The schema that input meets first: without defaults, optionals and transforms. */
function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrap(schema.unwrap());
  }
  return schema instanceof z.ZodPipe ? unwrap(schema.in) : schema;
}

function step(schema: z.core.$ZodType, key: string | number): z.core.$ZodType[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => step(option, key));
  if (inner instanceof z.ZodArray) return [inner.element];
  if (inner instanceof z.ZodRecord) return [inner.valueType];
  if (inner instanceof z.ZodObject) {
    const field = (inner.shape as Record<string, z.core.$ZodType>)[key];
    return field === undefined ? [] : [field];
  }
  return [];
}

function keysOf(schema: z.core.$ZodType): string[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodUnion) return inner.options.flatMap((option) => keysOf(option));
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** The keys that a schema of objects knows at a place in its input; none where any key, or no object, may stand. */
export function knownKeys(schema: z.core.$ZodType, path: readonly (string | number)[]): string[] {
  let schemas = [schema];
  for (const key of path) schemas = schemas.flatMap((current) => step(current, key));
  return schemas.flatMap((current) => keysOf(current));
}

export { unwrap as inputSchema };
