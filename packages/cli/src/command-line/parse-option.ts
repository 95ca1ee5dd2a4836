import { isManagerError, ManagerError } from "@juliarun/core";

/**
 * The value of an option, read by a parser of core's.
 * @throws ManagerError SPEC_INVALID that names the option.
 */
export function parseOption<Value>(
  option: string,
  text: string,
  parse: (text: string) => Value,
): Value {
  try {
    return parse(text);
  } catch (error) {
    if (!isManagerError(error, "SPEC_INVALID")) throw error;
    throw new ManagerError("SPEC_INVALID", `${option} ${error.message}`, {
      hint: "",
      cause: error,
    });
  }
}

/** A whole number from `min` on. @throws ManagerError SPEC_INVALID that names the option. */
export function parseCount(option: string, text: string, min: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new ManagerError(
    "SPEC_INVALID",
    `${option} must be a whole number, ${min} or more, not ${JSON.stringify(text)}`,
    {
      hint: "",
    },
  );
}
