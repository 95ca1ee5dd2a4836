import { z } from "zod";
import { isManagerError } from "../errors/manager-error.ts";

/**
 * A transform for `schema.transform(parsedBy(parse))`: what `parse` throws as a ManagerError becomes an issue of the schema.
 */
export function parsedBy<Input, Output>(
  parse: (input: Input) => Output,
): (input: Input, context: z.core.$RefinementCtx<Input>) => Output {
  return (input, context) => {
    try {
      return parse(input);
    } catch (error) {
      if (!isManagerError(error)) throw error;
      context.addIssue({
        code: "custom",
        message: error.message,
        params: { suggestion: error.details["suggestion"] },
      });
      return z.NEVER;
    }
  };
}
