import { ManagerError } from "../errors/manager-error.ts";

/** @throws ManagerError CANCELLED when the signal has aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled(signal);
}

/** The error for an operation that its caller has ended. */
export function cancelled(signal: AbortSignal): ManagerError {
  return new ManagerError("CANCELLED", "The operation was cancelled.", { cause: signal.reason });
}
