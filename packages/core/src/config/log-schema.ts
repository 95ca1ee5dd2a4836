import { z } from "zod";
import { nonEmptyText } from "../schema/text-scalars.ts";

/** The manual's section Logging: messages of JuliaRun itself. */
export const logSchema = z.strictObject({
  level: z
    .enum(["DEBUG", "INFO", "WARNING", "ERROR"])
    .default("INFO")
    .meta({ description: "Least important level that is logged" }),
  filename: nonEmptyText
    .optional()
    .meta({ description: "File to log to; standard error where absent" }),
});
