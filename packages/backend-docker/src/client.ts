import { Agent } from "node:https";
import { Readable } from "node:stream";
import { ManagerError } from "@juliarun/core";
import Dockerode from "dockerode";
import type { DockerHost } from "./docker-host.ts";
import { toDockerError } from "./errors.ts";

/** Long enough for a slow disk, short enough that a hanging engine is noticed. */
const CALL_TIMEOUT_MS = 120_000;

/** How one call is made. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** 0: as long as it takes. */
  readonly timeoutMs?: number;
}

/** The connection to one engine: every call goes through {@link DockerClient.call}, so that only ManagerErrors come out. */
export class DockerClient {
  readonly docker: Dockerode;
  /** For people: no credentials. */
  readonly address: string;
  /** Whether the engine's files are this machine's files, as far as can be told: it is reached by a unix socket. */
  readonly local: boolean;
  /** Of the engine's machine, where it is another one. */
  readonly hostname: string | undefined;
  readonly socketPath: string | undefined;

  constructor(host: DockerHost) {
    this.docker = new Dockerode(toDockerodeOptions(host));
    this.address = host.address;
    this.local = host.protocol === "unix" || host.protocol === "npipe";
    this.hostname = host.hostname;
    this.socketPath = host.socketPath;
  }

  /**
   * Runs one call. An abort ends it at once; what the engine has begun it may still finish.
   * @param doing - what is done, in words that fit after "refused", such as `to start container x`.
   */
  async call<T>(
    doing: string,
    run: (docker: Dockerode) => Promise<T>,
    { signal, timeoutMs = CALL_TIMEOUT_MS }: CallOptions = {},
  ): Promise<T> {
    if (signal?.aborted) throw this.#cancelled(doing, signal.reason);
    // By hand, as a call is made for every step of every job: an AbortController each would cost more than the call.
    const broken = Promise.withResolvers<never>();
    const abort = (): void => broken.reject(this.#cancelled(doing, signal?.reason));
    signal?.addEventListener("abort", abort, { once: true });
    const late = (): void => broken.reject(this.#timedOut(doing, timeoutMs));
    const timer = timeoutMs === 0 ? undefined : setTimeout(late, timeoutMs).unref();
    try {
      return await Promise.race([run(this.docker), broken.promise]);
    } catch (error) {
      throw toDockerError(error, doing, this.address);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /** Opens an answer that has no known end. It is to be read, or the signal aborted. */
  async stream(
    doing: string,
    path: string,
    query: Readonly<Record<string, string | number | boolean>>,
    signal: AbortSignal,
  ): Promise<Readable> {
    // Once there is an answer, an abort closes it without an error: nobody may be left who would hear of one.
    const connection = new AbortController();
    const stop = (): void => connection.abort(signal.reason);
    const letGo = (): void => signal.removeEventListener("abort", stop);
    signal.addEventListener("abort", stop, { once: true });
    return this.call(
      doing,
      async ({ modem }) =>
        new Promise<Readable>((resolve, reject) => {
          const options = { ...query };
          const statusCodes = { 200: true };
          const abortSignal = connection.signal;
          modem.dial(
            { path, method: "GET", options, isStream: true, statusCodes, abortSignal },
            (error: Error | null, answer: unknown) => {
              if (!(answer instanceof Readable)) {
                letGo();
                return reject(error ?? new Error("The engine's answer is empty."));
              }
              letGo();
              const close = (): void => void answer.destroy();
              signal.addEventListener("abort", close, { once: true });
              answer.once("close", () => signal.removeEventListener("abort", close));
              if (signal.aborted) close();
              resolve(answer);
            },
          );
        }),
      { signal },
    );
  }

  #timedOut(doing: string, timeoutMs: number): ManagerError {
    return new ManagerError(
      "BACKEND_UNREACHABLE",
      `The Docker Engine at ${this.address} did not answer within ${timeoutMs / 1000} s (${doing}).`,
      { details: { address: this.address } },
    );
  }

  #cancelled(doing: string, cause: unknown): ManagerError {
    return new ManagerError("CANCELLED", `Cancelled: ${doing}.`, { cause });
  }
}

/** Every key is given, so that the library looks at no environment variable. */
function toDockerodeOptions(host: DockerHost): Dockerode.DockerOptions & { agent?: Agent } {
  const tls = host.tls;
  return {
    socketPath: host.socketPath,
    host: host.hostname,
    port: host.port,
    username: host.username,
    ca: tls?.ca,
    cert: tls?.cert,
    key: tls?.key,
    protocol: host.protocol === "ssh" || host.protocol === "https" ? host.protocol : "http",
    ...(tls && !tls.verify ? { agent: new Agent({ rejectUnauthorized: false }) } : {}),
  };
}
