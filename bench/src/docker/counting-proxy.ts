import { rm } from "node:fs/promises";
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";

/** A socket that passes requests on to the engine's and counts them. */
export class CountingProxy {
  readonly socketPath: string;
  readonly #engineSocketPath: string;
  readonly #server: Server;
  /** Method and path of the requests so far. */
  #requests: string[] = [];

  private constructor(socketPath: string, engineSocketPath: string) {
    this.socketPath = socketPath;
    this.#engineSocketPath = engineSocketPath;
    this.#server = createServer((incoming, outgoing) => this.#pass(incoming, outgoing));
  }

  static async open(socketPath: string, engineSocketPath: string): Promise<CountingProxy> {
    const proxy = new CountingProxy(socketPath, engineSocketPath);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once("error", reject);
      proxy.#server.listen(socketPath, resolve);
    });
    return proxy;
  }

  /** The requests that were made while `work` ran. */
  async during(work: () => Promise<unknown>): Promise<readonly string[]> {
    this.#requests = [];
    await work();
    return this.#requests;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.socketPath, { force: true });
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url, headers } = incoming;
    this.#requests.push(`${method} ${url?.replace(/\?.*/, "")}`);
    const socketPath = this.#engineSocketPath;
    const passed = request({ socketPath, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      outgoing.flushHeaders();
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  }
}
