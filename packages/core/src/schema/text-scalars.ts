import { z } from "zod";

/** True or false, also as the manual's configuration writes it, in quotes. */
export const flag = z
  .union([z.boolean(), z.enum(["true", "false"])], { error: "must be true or false" })
  .transform((value) => value === true || value === "true");

/** A whole number in a range, also in quotes. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER) {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
  const error = `must be a whole number, ${range}`;
  return z
    .union([z.number(), z.string().regex(/^\s*-?\d+\s*$/, { error })], { error })
    .transform(Number)
    .refine((value) => Number.isSafeInteger(value) && value >= min && value <= max, { error });
}

/** Text that is not empty and has no zero byte: those cannot be in an environment, an argument or a path. */
export const nonEmptyText = z
  .string()
  .min(1, { error: "must not be empty" })
  .refine((text) => !text.includes("\0"), { error: "must not contain a zero byte" });
