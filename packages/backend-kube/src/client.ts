import type { IncomingMessage } from "node:http";
import type { KubeConfig, KubernetesObject, User } from "@kubernetes/client-node";
import { ManagerError, type Credentials } from "@juliarun/core";
import { toKubeConfig, withUser, type AuthInput } from "./auth.ts";
import { Connection } from "./connection.ts";
import { isNotFound } from "./errors.ts";
import { openExecSocket, type ExecSocket } from "./exec-socket.ts";
import { toPath, type Resource } from "./resources.ts";

const CALL_TIMEOUT_MS = 30_000;
/** Objects of one page: what an API server answers in a fraction of a second. */
const PAGE = 500;

/** Query parameters; those without a value are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** How one call is made. */
export interface CallOptions {
  readonly query?: Query | undefined;
  readonly signal?: AbortSignal | undefined;
  /** 30 s where absent. */
  readonly timeoutMs?: number;
}

/** How a patch is meant; `merge` (RFC 7386) replaces lists as a whole. */
export type PatchKind = "merge" | "strategic" | "json" | "apply";

const PATCH_TYPES: Readonly<Record<PatchKind, string>> = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};

/** How an object, or a collection, is deleted. */
export interface DeleteOptions extends CallOptions {
  /** Deleted only while it is this very object. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** What becomes of the objects that it owns; `Background` where absent. */
  readonly propagation?: "Background" | "Foreground" | "Orphan";
  readonly graceSeconds?: number;
}

/** A page of a list, as the API server sends it: its items have no `kind` and `apiVersion`. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly metadata: {
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
}

/**
 * The connection to one namespace of one cluster. All calls share one pool of connections, throw only ManagerError, and give
 * the API server's JSON as it is: the interfaces of the library describe it, but for dates, which are texts.
 */
export class KubeClient {
  readonly namespace: string;
  readonly #config: KubeConfig;
  readonly #connection: Connection;
  #closed = false;

  constructor(config: KubeConfig, namespace: string, connection = new Connection(config)) {
    this.namespace = namespace;
    this.#config = config;
    this.#connection = connection;
  }

  /** @throws ManagerError CONFIG_INVALID for what the configuration lacks; nothing is asked of the cluster yet. */
  static async open(input: AuthInput, namespace: string): Promise<KubeClient> {
    return new KubeClient(await toKubeConfig(input), namespace);
  }

  /** For people: no credentials. */
  get address(): string {
    return this.#connection.address;
  }

  /** Milliseconds since 1970 by the API server's clock, as its last answer showed it; right to about a second. */
  serverNow(): number {
    return this.#connection.serverNow();
  }

  /**
   * The same cluster for another namespace, and with a caller's own rights where credentials other than `none` are given.
   * To be closed by the caller.
   */
  with({
    credentials,
    namespace = this.namespace,
  }: {
    readonly credentials?: Credentials | undefined;
    readonly namespace?: string;
  }): KubeClient {
    const user = credentials && toUser(credentials);
    if (user) return new KubeClient(withUser(this.#config, user), namespace);
    this.#connection.retain();
    return new KubeClient(this.#config, namespace, this.#connection);
  }

  /** Path of an object or a collection in this namespace. */
  path(resource: Resource, name?: string, subresource?: string): string {
    return toPath(resource, { namespace: this.namespace, name, subresource });
  }

  /** Any call. Answers without content are an empty object. */
  async request<T>(
    method: string,
    path: string,
    { query, signal, timeoutMs = CALL_TIMEOUT_MS }: CallOptions = {},
    body?: { readonly value: unknown; readonly type?: string },
  ): Promise<T> {
    this.#refuseWhenClosed();
    const answer = await this.#connection.fetch({
      method,
      path: withQuery(path, query),
      signal,
      timeoutMs,
      body: body && JSON.stringify(body.value),
      contentType: body?.type,
    });
    return JSON.parse(answer === "" ? "{}" : answer) as T;
  }

  async get<T>(path: string, options: CallOptions = {}): Promise<T> {
    return this.request<T>("GET", path, options);
  }

  /** Undefined when there is no such object. */
  async find<T>(path: string, options: CallOptions = {}): Promise<T | undefined> {
    return absent(this.get<T>(path, options));
  }

  /** A collection page by page, each of the same moment. @throws an error that `isGone()` when the listing takes too long. */
  async *pages<T>(path: string, options: CallOptions = {}): AsyncGenerator<ListPage<T>> {
    let token: string | undefined;
    do {
      const query = { limit: PAGE, ...options.query, continue: token };
      const page = await this.get<ListPage<T>>(path, { ...options, query });
      yield page;
      token = page.metadata.continue || undefined;
    } while (token !== undefined);
  }

  async create<T extends KubernetesObject>(
    path: string,
    object: T,
    options: CallOptions = {},
  ): Promise<T> {
    return this.request<T>("POST", path, options, { value: object });
  }

  /** With `metadata.resourceVersion` only while nobody has changed it since. */
  async replace<T extends KubernetesObject>(
    path: string,
    object: T,
    options: CallOptions = {},
  ): Promise<T> {
    return this.request<T>("PUT", path, options, { value: object });
  }

  /** With `metadata.resourceVersion` in the patch only while nobody has changed it since. */
  async patch<T>(
    path: string,
    patch: unknown,
    kind: PatchKind = "merge",
    options: CallOptions = {},
  ): Promise<T> {
    return this.request<T>("PATCH", path, options, { value: patch, type: PATCH_TYPES[kind] });
  }

  /** Deletes an object, or a collection with a selector in the query. False when there is no such object. */
  async delete(path: string, options: DeleteOptions = {}): Promise<boolean> {
    const { uid, resourceVersion, propagation = "Background", graceSeconds } = options;
    const preconditions = { uid, resourceVersion };
    const value = {
      kind: "DeleteOptions",
      apiVersion: "v1",
      propagationPolicy: propagation,
      gracePeriodSeconds: graceSeconds,
      ...(uid === undefined && resourceVersion === undefined ? {} : { preconditions }),
    };
    return (await absent(this.request("DELETE", path, options, { value }))) !== undefined;
  }

  /** An answer without a known end, such as a watch or a followed log. It is to be read, or the signal aborted: a loop over it then throws. */
  async stream(path: string, query: Query, signal: AbortSignal): Promise<IncomingMessage> {
    this.#refuseWhenClosed();
    return this.#connection.stream({
      method: "GET",
      path: withQuery(path, query),
      signal,
      timeoutMs: CALL_TIMEOUT_MS,
    });
  }

  /** The stream of a program that is run in a container. @throws ManagerError FORBIDDEN, CAPABILITY_UNSUPPORTED, BACKEND_UNREACHABLE. */
  async openExec(
    pod: string,
    container: string,
    command: readonly string[],
    onMessage: (channel: number, bytes: Buffer) => void,
  ): Promise<ExecSocket> {
    this.#refuseWhenClosed();
    const query = new URLSearchParams({ container, stdin: "true", stdout: "true", stderr: "true" });
    for (const word of command) query.append("command", word);
    const path = `${this.path("pods", pod, "exec")}?${query.toString()}`;
    return openExecSocket(this.#config, path, onMessage);
  }

  /** Ends what is under way and closes the connections, unless another client shares them. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#connection.release();
  }

  #refuseWhenClosed(): void {
    if (this.#closed)
      throw new ManagerError("CANCELLED", `The connection to ${this.address} is closed.`);
  }
}

async function absent<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query))
    if (value !== undefined) parameters.set(key, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}

/** Undefined: the configuration's own rights. */
function toUser(credentials: Credentials): Omit<User, "name"> | undefined {
  if (credentials.type === "none") return undefined;
  if (credentials.type === "token") return { token: credentials.token };
  return {
    certData: Buffer.from(credentials.certificateData).toString("base64"),
    keyData: Buffer.from(credentials.keyData).toString("base64"),
  };
}
