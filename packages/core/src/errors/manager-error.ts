import { ERROR_TABLE, type ErrorCode } from "./error-table.ts";

const BRAND = Symbol.for("juliarun.ManagerError");

/** What a {@link ManagerError} is made of besides its code and message. */
export interface ManagerErrorOptions {
  /** What to do about it; the table's advice where absent. */
  hint?: string;
  /** Facts for programs: names, values, limits. Never a secret. */
  details?: Readonly<Record<string, unknown>>;
  /** The error that led to this one. */
  cause?: unknown;
}

/**
 * The only error that crosses a package's border. The message says what failed, on which object and
 * with which value; `hint` says what to do. A failing user program is a status, never an error.
 */
export class ManagerError extends Error {
  override readonly name = "ManagerError";
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly [BRAND] = true;

  constructor(code: ErrorCode, message: string, options: ManagerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? ERROR_TABLE[code].solve;
    this.details = options.details ?? {};
  }

  /** Whether the same call may succeed later without any change by the caller. */
  get retryable(): boolean {
    return ERROR_TABLE[this.code].retryable;
  }
}

/** Recognises a {@link ManagerError} by brand, so also one from another copy of this package. */
export function isManagerError(error: unknown, code?: ErrorCode): error is ManagerError {
  return (
    typeof error === "object" &&
    error !== null &&
    BRAND in error &&
    (code === undefined || (error as ManagerError).code === code)
  );
}

/** Any thrown value as a {@link ManagerError}: as it is, `CANCELLED` for an abort, else `INTERNAL`. */
export function toManagerError(error: unknown): ManagerError {
  if (isManagerError(error)) return error;
  if (error instanceof Error && error.name === "AbortError") {
    return new ManagerError("CANCELLED", "The operation was cancelled.", { cause: error });
  }
  return new ManagerError("INTERNAL", error instanceof Error ? error.message : String(error), {
    cause: error,
  });
}
