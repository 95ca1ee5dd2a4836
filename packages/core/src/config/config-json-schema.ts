import { z } from "zod";
import { configSchema } from "./config-schema.ts";

/** JSON Schema (2020-12) of the configuration file, for editors; committed as `config.schema.json`. */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(configSchema, { io: "input" });
  return {
    ...schema,
    title: "JuliaRun configuration",
    // Editors allow comments and trailing commas where the schema says so.
    allowComments: true,
    allowTrailingCommas: true,
  };
}
