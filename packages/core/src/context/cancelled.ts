import { ManagerError } from "../errors/manager-error.ts";

/**
 * What an aborted signal means: `TIMED_OUT` when its time was up (`AbortSignal.timeout`), the reason where that is
 * a ManagerError, else `CANCELLED`.
 * @param what - what was given up, such as `waiting for job hello`.
 */
export function cancelled(signal: AbortSignal, what: string): ManagerError {
  const reason: unknown = signal.reason;
  if (reason instanceof ManagerError) return reason;
  if (reason instanceof Error && reason.name === "TimeoutError") {
    return new ManagerError("TIMED_OUT", `The time for ${what} is up.`, { cause: reason });
  }
  return new ManagerError("CANCELLED", `Gave up ${what}.`, { cause: reason });
}
