import { isManagerError, ManagerError, type ErrorCode } from "@juliarun/core";

/** HTTP status that the engine answered with; undefined when it did not answer. Looks through a translated error too. */
export function engineStatus(error: unknown): number | undefined {
  const source = isManagerError(error) ? error.cause : error;
  if (typeof source !== "object" || source === null || !("statusCode" in source)) return undefined;
  return typeof source.statusCode === "number" ? source.statusCode : undefined;
}

/** What the engine or the connection said, without the client library's decoration. */
export function engineReason(error: unknown): string {
  const source = isManagerError(error) && error.cause !== undefined ? error.cause : error;
  if (typeof source !== "object" || source === null) return String(source);
  const answer = "json" in source ? source.json : undefined;
  if (typeof answer === "object" && answer !== null && "message" in answer) {
    return String(answer.message);
  }
  return source instanceof Error ? source.message.trim() : "unknown error";
}

/** The one translation of what a call to the engine threw; callers decide what a 404 or 409 means where they know more. */
export function toDockerError(error: unknown, doing: string, address: string): ManagerError {
  if (isManagerError(error)) return error;
  if (error instanceof Error && error.name === "AbortError") {
    return new ManagerError("CANCELLED", `Cancelled: ${doing}.`, { cause: error });
  }
  const status = engineStatus(error);
  const reason = engineReason(error);
  if (status === undefined) return unreachable(error, reason, doing, address);
  const message = `The Docker Engine refused ${doing}: ${reason}`;
  return new ManagerError(codeOf(status), message, { cause: error, details: { status } });
}

/** The engine did not answer at all. */
function unreachable(error: unknown, reason: string, doing: string, address: string): ManagerError {
  const denied = networkCode(error) === "EACCES" || networkCode(error) === "EPERM";
  const hint = denied
    ? "Let this user use the engine: add it to the group `docker` and log in again, or use rootless Docker."
    : undefined;
  return new ManagerError(
    "BACKEND_UNREACHABLE",
    `The Docker Engine at ${address} does not answer (${doing}): ${reason}`,
    { cause: error, details: { address }, ...(hint === undefined ? {} : { hint }) },
  );
}

function networkCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

function codeOf(status: number): ErrorCode {
  switch (status) {
    case 400:
      return "SPEC_INVALID";
    case 401:
      return "UNAUTHENTICATED";
    case 403:
      return "FORBIDDEN";
    // What a caller knows the absence of, it says itself; here something vanished in between.
    case 404:
    case 409:
      return "STATE_CONFLICT";
    case 502:
    case 503:
    case 504:
      return "BACKEND_UNREACHABLE";
    default:
      return "INTERNAL";
  }
}
