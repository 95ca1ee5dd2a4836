import { Writable } from "node:stream";
import type { Context, InitOptions } from "@juliarun/sdk";
import type { CliIo } from "../cli-io.ts";

/** Keeps what is written to it. */
class Capture extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  text(): string {
    return this.bytes().toString("utf8");
  }
}

/** What {@link CapturedIo} may be told. */
export interface CapturedIoOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Opens the context of each command. */
  readonly open?: (options: InitOptions) => Promise<Context>;
}

/** An outside world for tests of the command line in this process. */
export class CapturedIo implements CliIo {
  readonly stdout = new Capture();
  readonly stderr = new Capture();
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly abort = new AbortController();
  readonly signal: AbortSignal = this.abort.signal;
  readonly init?: (options: InitOptions) => Promise<Context>;

  constructor({ cwd = "/nonexistent", env = {}, open }: CapturedIoOptions = {}) {
    this.cwd = cwd;
    this.env = env;
    if (open) this.init = open;
  }
}
