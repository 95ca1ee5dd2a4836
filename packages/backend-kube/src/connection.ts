import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest, type RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import pLimit, { type LimitFunction } from "p-limit";
import type { KubeConfig } from "@kubernetes/client-node";
import { isManagerError, ManagerError } from "@juliarun/core";
import { ApiRefusal, toApiStatus } from "./api-status.ts";
import { inWords, toDoing } from "./doing.ts";
import { toManagerError } from "./errors.ts";

/** Plain calls under way at once: an API server refuses what is more than its fair share. */
const CONCURRENCY = 32;
/** Below the time after which an API server closes an unused connection. */
const IDLE_MS = 60_000;
/** A peer that is gone without a word is noticed within a minute. */
const PROBE_MS = 30_000;

/** One request. */
export interface KubeRequest {
  readonly method: string;
  /** With the query, below the server's address. */
  readonly path: string;
  readonly body?: string | undefined;
  /** Of the body; JSON where absent. */
  readonly contentType?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For the whole answer; of a stream, for its beginning. */
  readonly timeoutMs: number;
}

/**
 * The one pool of connections to an API server. The library's own calls make a pool for every single request, so that none is
 * ever used again; it is asked for addresses and credentials only.
 */
export class Connection {
  /** For people: no credentials. */
  readonly address: string;
  readonly #config: KubeConfig;
  readonly #server: URL;
  readonly #agent: HttpAgent;
  readonly #proxied: boolean;
  readonly #limit: LimitFunction = pLimit(CONCURRENCY);
  #clockOffsetMs = 0;
  #users = 1;

  constructor(config: KubeConfig) {
    const cluster = config.getCurrentCluster();
    const server = cluster && URL.parse(cluster.server);
    if (!server) {
      throw new ManagerError(
        "CONFIG_INVALID",
        "The configuration names no address of a Kubernetes API server.",
      );
    }
    this.#config = config;
    this.#server = server;
    this.#proxied = cluster?.proxyUrl !== undefined;
    this.address = server.origin + server.pathname.replace(/\/+$/, "");
    const options = { keepAlive: true, keepAliveMsecs: PROBE_MS, timeout: IDLE_MS };
    this.#agent = server.protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /** Milliseconds since 1970 by the API server's clock, right to about a second. */
  serverNow(): number {
    return Date.now() + this.#clockOffsetMs;
  }

  /** The whole answer to a request. */
  async fetch(request: KubeRequest): Promise<string> {
    return this.#guarded(request, async ({ signal }) =>
      this.#limit(async () => {
        for (;;) {
          signal.throwIfAborted();
          try {
            return await text(await this.#answer(request, signal));
          } catch (error) {
            // Nothing was done: the server has more to do than it takes on, and says when to come again.
            if (!(error instanceof ApiRefusal) || error.status.code !== 429) throw error;
            const { retryAfterSeconds = 1 } = error.status;
            await delay(retryAfterSeconds * 1000 * (0.5 + Math.random()), undefined, { signal });
          }
        }
      }),
    );
  }

  /** An answer that has no known end, as soon as it begins. It is to be read, or the signal aborted. */
  async stream(request: KubeRequest & { readonly signal: AbortSignal }): Promise<IncomingMessage> {
    const { signal } = request;
    const answer = await this.#guarded(request, async (guard) =>
      this.#answer(request, guard.signal),
    );
    const close = (): void => void answer.destroy();
    signal.addEventListener("abort", close, { once: true });
    answer.once("close", () => signal.removeEventListener("abort", close));
    if (signal.aborted) close();
    return answer;
  }

  retain(): void {
    this.#users++;
  }

  /** The last user's release closes all connections, also those in use. */
  release(): void {
    if (--this.#users === 0) this.#agent.destroy();
  }

  /** Runs one call under its time limit and its caller's signal, and translates what it throws. */
  async #guarded<T>(
    { method, path, signal, timeoutMs }: KubeRequest,
    run: (guard: AbortController) => Promise<T>,
  ): Promise<T> {
    const guard = new AbortController();
    const stop = (): void => guard.abort();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      guard.abort();
    }, timeoutMs);
    signal?.addEventListener("abort", stop, { once: true });
    const doing = toDoing(method, path);
    try {
      if (signal?.aborted) stop();
      if (this.#users <= 0) guard.abort();
      return await Promise.race([run(guard), aborted(guard.signal)]);
    } catch (error) {
      if (isManagerError(error)) throw error;
      if (signal?.aborted || this.#users <= 0) {
        throw new ManagerError("CANCELLED", `Cancelled: ${inWords(doing)}.`, { cause: error });
      }
      const cause = late ? new Error(`no answer within ${timeoutMs / 1000} s`) : error;
      throw toManagerError(cause, doing, this.address);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    }
  }

  /** @throws ApiRefusal for an error status. */
  async #answer(request: KubeRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const options = await this.#options(request, signal);
    let answer: IncomingMessage;
    try {
      answer = await this.#send(options, request.body);
    } catch (error) {
      // The server closed an unused connection at the very moment it was used again; reading may be done twice.
      if (!(error instanceof StaleConnection) || request.method !== "GET") throw unwrap(error);
      answer = await this.#send(options, request.body).catch((again: unknown) => {
        throw unwrap(again);
      });
    }
    this.#readClock(answer.headers.date);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const retryAfterSeconds = Number(answer.headers["retry-after"] ?? Number.NaN);
    throw new ApiRefusal({
      ...(Number.isNaN(retryAfterSeconds) ? {} : { retryAfterSeconds }),
      ...toApiStatus(status, await text(answer)),
    });
  }

  async #options(
    { method, path, body, contentType }: KubeRequest,
    signal: AbortSignal,
  ): Promise<RequestOptions> {
    // The library adds its own to them.
    const headers: OutgoingHttpHeaders = {};
    const options: RequestOptions = { headers };
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      const words = error instanceof Error ? error.message.trim().split("\n")[0] : "unknown error";
      throw new ManagerError(
        "UNAUTHENTICATED",
        `The credentials for the Kubernetes API server at ${this.address} cannot be had: ${words}`,
        { hint: "Correct `compute.auth` in the configuration, or log in again." },
      );
    }
    const { pathname } = this.#server;
    return {
      ...options,
      ...(this.#proxied ? {} : { agent: this.#agent }),
      host: this.#server.hostname.replace(/^\[|\]$/g, ""),
      port: this.#server.port,
      method,
      path: pathname.replace(/\/+$/, "") + path,
      signal,
      headers: {
        ...headers,
        Accept: "application/json",
        "User-Agent": "juliarun",
        ...(body === undefined
          ? {}
          : {
              "Content-Type": contentType ?? "application/json",
              "Content-Length": Buffer.byteLength(body),
            }),
      },
    };
  }

  async #send(options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
    const send = this.#server.protocol === "https:" ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const request: ClientRequest = send(options, resolve);
      request.on("error", (error: NodeJS.ErrnoException) => {
        const stale = request.reusedSocket && ["ECONNRESET", "EPIPE"].includes(error.code ?? "");
        reject(stale ? new StaleConnection(error) : error);
      });
      request.on("socket", (socket) => socket.setKeepAlive(true, PROBE_MS).setNoDelay(true));
      request.end(body);
    });
  }

  #readClock(date: string | undefined): void {
    const at = Date.parse(date ?? "");
    // Cut to the second.
    if (!Number.isNaN(at)) this.#clockOffsetMs = at + 500 - Date.now();
  }
}

/** Rejects as soon as it aborts: a call may still be waiting for its turn. */
async function aborted(signal: AbortSignal): Promise<never> {
  return new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(new DOMException("The call was aborted.", "AbortError"));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
}

/** A connection of the pool turned out to be closed before anything was answered. */
class StaleConnection extends Error {
  readonly source: Error;

  constructor(source: Error) {
    super(source.message);
    this.source = source;
  }
}

function unwrap(error: unknown): unknown {
  return error instanceof StaleConnection ? error.source : error;
}
