import { isManagerError, ManagerError, type ErrorCode } from "@juliarun/core";
import { ApiRefusal, type ApiStatus } from "./api-status.ts";
import { inWords, type Doing } from "./doing.ts";
import { isObject } from "./is-object.ts";

/** HTTP status that the API server answered with; undefined when it did not answer, or the error is another one. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof ApiRefusal) return error.status.code;
  const status = isManagerError(error) ? error.details["status"] : undefined;
  return typeof status === "number" ? status : undefined;
}

/** Kubernetes' word for why it refused, such as `AlreadyExists`; undefined where it gave none. */
export function reasonOf(error: unknown): string | undefined {
  if (error instanceof ApiRefusal) return error.status.reason;
  const reason = isManagerError(error) ? error.details["reason"] : undefined;
  return typeof reason === "string" ? reason : undefined;
}

/** There is no such object. Not so when the namespace is missing. */
export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404 && !isManagerError(error, "CONFIG_INVALID");
}

/** An object of that name is there already, perhaps one that is being deleted. */
export function isAlreadyExists(error: unknown): boolean {
  return statusOf(error) === 409 && reasonOf(error) === "AlreadyExists";
}

/** The object has changed since its resourceVersion, or is not the one of the precondition. */
export function isConflict(error: unknown): boolean {
  return statusOf(error) === 409 && reasonOf(error) !== "AlreadyExists";
}

/** The resourceVersion or continue token is too old: everything is to be listed again. */
export function isGone(error: unknown): boolean {
  return statusOf(error) === 410;
}

/** Nothing was heard of a call: it may have been carried out all the same. */
export function isUnanswered(error: unknown): boolean {
  return isManagerError(error, "BACKEND_UNREACHABLE") && statusOf(error) === undefined;
}

/** The one translation of what a call to the API server threw. Callers decide what 404 and 409 mean where they know more. */
export function toManagerError(error: unknown, doing: Doing, address: string): ManagerError {
  if (isManagerError(error)) return error;
  if (error instanceof Error && error.name === "AbortError") {
    return new ManagerError("CANCELLED", `Cancelled: ${inWords(doing)}.`, { cause: error });
  }
  return error instanceof ApiRefusal
    ? refused(error.status, doing, address)
    : unreachable(error, doing, address);
}

interface Verdict {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

function refused(status: ApiStatus, doing: Doing, address: string): ManagerError {
  const { code, message, hint } = judge(status, doing, address);
  const { retryAfterSeconds } = status;
  return new ManagerError(code, message, {
    details: {
      ...doing,
      status: status.code,
      reason: status.reason,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
    ...(hint === undefined ? {} : { hint }),
  });
}

function judge(status: ApiStatus, doing: Doing, address: string): Verdict {
  const says = `Kubernetes refused to ${inWords(doing)}: ${status.message}`;
  const missingNamespace = status.kind === "namespaces" && doing.resource !== "namespaces";
  switch (status.code) {
    case 400:
    case 413:
    case 422:
      return {
        code: "SPEC_INVALID",
        message: says,
        hint: "Correct what the message names: a parameter of the job, or the image or volume in the configuration.",
      };
    case 401:
      return {
        code: "UNAUTHENTICATED",
        message: `The Kubernetes API server at ${address} does not accept the credentials (${inWords(doing)}).`,
      };
    case 403:
      return forbidden(status, doing);
    case 404:
      return missingNamespace
        ? {
            code: "CONFIG_INVALID",
            message: `There is no namespace ${doing.namespace ?? ""} in the cluster at ${address}.`,
            hint: "Make the namespace, or correct `compute.namespace` in the configuration.",
          }
        : { code: "STATE_CONFLICT", message: says };
    // Somebody else was quicker; and a list or watch that must begin anew.
    case 409:
    case 410:
      return { code: "STATE_CONFLICT", message: says };
    case 405:
    case 501:
      return { code: "CAPABILITY_UNSUPPORTED", message: says };
    default:
      // 429 and 500 too: too many calls at once, or a database, webhook or server behind it that does not answer.
      return status.code === 429 || status.code >= 500
        ? {
            code: "BACKEND_UNREACHABLE",
            message: `The Kubernetes API server at ${address} cannot ${inWords(doing)} now: ${status.message}`,
          }
        : { code: "INTERNAL", message: says };
  }
}

const POD_SECURITY = /violates PodSecurity "([^"]+)": (.+)$/s;

/**
 * Access control, quota, limits and Pod Security all answer 403 with the reason `Forbidden` and no causes: only the words
 * differ, so this is the one place that looks at them.
 */
function forbidden({ message, causes }: ApiStatus, doing: Doing): Verdict {
  const violation = POD_SECURITY.exec(message);
  if (violation) {
    return {
      code: "SPEC_INVALID",
      message: `Namespace ${doing.namespace ?? ""} enforces the Pod Security standard ${violation[1] ?? ""}, and this job violates it: ${violation[2] ?? ""}`,
      hint: "Change what the message names (an image with a `user` that is not root, volumes other than hostpath), or use a namespace with a weaker standard.",
    };
  }
  if (message.includes("exceeded quota")) {
    return { code: "QUOTA_EXCEEDED", message: refusal(message, doing) };
  }
  if (causes.some(({ reason }) => reason === "NamespaceTerminating")) {
    return {
      code: "STATE_CONFLICT",
      message: `Namespace ${doing.namespace ?? ""} is being deleted: cannot ${inWords(doing)}.`,
      hint: "Wait until it is gone and make it again, or use another namespace.",
    };
  }
  if (message.includes("failed quota") || LIMIT_RANGE.test(message)) {
    return {
      code: "SPEC_INVALID",
      message: refusal(message, doing),
      hint: "Ask for what the namespace's limits allow.",
    };
  }
  return {
    code: "FORBIDDEN",
    message: `Not allowed to ${inWords(doing)}: ${message}`,
    hint: `Ask the cluster's administrator for the right to ${doing.verb} ${doing.resource}${doing.namespace === undefined ? "" : ` in namespace ${doing.namespace}`}.`,
  };
}

/** How the admission of LimitRange begins its sentences. */
const LIMIT_RANGE =
  /is forbidden: (?:maximum|minimum) \S+ usage per |is forbidden: \S+ max limit to request ratio/;

function refusal(message: string, doing: Doing): string {
  return `Kubernetes refused to ${inWords(doing)}: ${message}`;
}

/** Node's words for a server whose certificate is not accepted. */
const UNTRUSTED = /^(?!ERR_SSL).*(CERT|SIGNATURE)/;

function unreachable(error: unknown, doing: Doing, address: string): ManagerError {
  const code = networkCode(error);
  const words = error instanceof Error && error.message.trim() ? error.message.trim() : code;
  const { what, hint } = networkTrouble(code);
  return new ManagerError(
    "BACKEND_UNREACHABLE",
    `The Kubernetes API server at ${address} ${what} (${inWords(doing)}): ${words ?? "unknown error"}`,
    { cause: error, details: { ...doing, address }, ...(hint === undefined ? {} : { hint }) },
  );
}

function networkTrouble(code = ""): { readonly what: string; readonly hint?: string } {
  if (UNTRUSTED.test(code)) {
    return {
      what: "is not trusted",
      hint: "Give the cluster's CA as `compute.auth.certificate-authority-data`, or correct the address.",
    };
  }
  const what = "does not answer";
  return code === "EPROTO"
    ? {
        what,
        hint: "Correct the address: it may be http where https is written, or the other way round.",
      }
    : { what };
}

function networkCode(error: unknown): string | undefined {
  if (!isObject(error)) return undefined;
  return typeof error["code"] === "string" ? error["code"] : undefined;
}
