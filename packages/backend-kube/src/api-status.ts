import { isObject } from "./is-object.ts";

/** One of several reasons for a refusal. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

/** What an API server says when it refuses: the `Status` object, or what can be told without one. */
export interface ApiStatus {
  /** HTTP status. */
  readonly code: number;
  /** Such as `AlreadyExists`; empty where the answer was no `Status`. */
  readonly reason: string;
  readonly message: string;
  /** Plural name of the resource that the refusal is about, such as `namespaces`. */
  readonly kind: string;
  readonly causes: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** Longest text that is quoted. */
const LONGEST = 1000;

/** An answer with an error status, or the ERROR event of a watch: becomes a ManagerError before it leaves the package. */
export class ApiRefusal extends Error {
  override readonly name = "ApiRefusal";
  readonly status: ApiStatus;

  constructor(status: ApiStatus) {
    super(status.message);
    this.status = status;
  }
}

/** Reads the body of an answer with an error status. A proxy in between may have sent anything. Pure. */
export function toApiStatus(code: number, body: string): ApiStatus {
  try {
    const value: unknown = JSON.parse(body);
    if (isObject(value) && value["kind"] === "Status") return fromStatus(value, code);
  } catch {
    // No JSON: quoted as it is.
  }
  const words = body.startsWith("<") ? "" : quote(body);
  return { code, reason: "", message: words || `HTTP status ${code}`, kind: "", causes: [] };
}

/** Reads a `Status` object, as in the ERROR event of a watch. Pure. */
export function fromStatus(value: Readonly<Record<string, unknown>>, code = 500): ApiStatus {
  const details = isObject(value["details"]) ? value["details"] : {};
  const causes = Array.isArray(details["causes"]) ? details["causes"] : [];
  const retryAfterSeconds = details["retryAfterSeconds"];
  const ownCode = value["code"];
  return {
    code: typeof ownCode === "number" ? ownCode : code,
    reason: text(value["reason"]),
    message: quote(text(value["message"])) || `HTTP status ${code}`,
    kind: text(details["kind"]),
    causes: causes.filter((cause: unknown) => isObject(cause)),
    ...(typeof retryAfterSeconds === "number" ? { retryAfterSeconds } : {}),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function quote(words: string): string {
  const trimmed = words.trim();
  return trimmed.length > LONGEST ? `${trimmed.slice(0, LONGEST)}…` : trimmed;
}
