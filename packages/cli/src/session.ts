import type { Context } from "@juliarun/sdk";
import type { CliIo } from "./cli-io.ts";
import type { GlobalOptions } from "./command-line/global-options.ts";
import { Printer, wantsColor } from "./terminal/printer.ts";
import { ProgressLine } from "./terminal/progress-line.ts";

/** One run of one command: where it writes, what it works on, when it must end. */
export class Session {
  readonly io: CliIo;
  readonly options: GlobalOptions;
  readonly out: Printer;
  readonly err: Printer;
  readonly progress: ProgressLine;
  #context: Promise<Context> | undefined;

  constructor(io: CliIo, options: GlobalOptions) {
    this.io = io;
    this.options = options;
    this.out = new Printer(io.stdout, wantsColor(io.stdout, io.env, options.color));
    this.err = new Printer(io.stderr, wantsColor(io.stderr, io.env, options.color));
    this.progress = new ProgressLine(io, options.quiet);
  }

  get signal(): AbortSignal {
    return this.io.signal;
  }

  /** The context of the configuration, opened at the first call and closed with the session. */
  async context(): Promise<Context> {
    this.#context ??= this.#open();
    return this.#context;
  }

  async #open(): Promise<Context> {
    const { io, options } = this;
    const init = io.init ?? (await import("@juliarun/sdk")).init;
    return init({
      env: io.env,
      cwd: io.cwd,
      onWarning: (message) =>
        void this.err.line(`${this.err.style("warning:", "bold", "yellow")} ${message}`),
      ...(options.config === undefined ? {} : { config: options.config }),
      ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    });
  }

  /** Says something to the person at the terminal, on standard error; nothing when quiet. */
  async note(text: string): Promise<void> {
    this.progress.clear();
    if (!this.options.quiet) await this.err.line(text);
  }

  /** Ends what the session has opened. */
  async close(): Promise<void> {
    this.progress.clear();
    const context = await this.#context?.catch(() => undefined);
    await context?.close();
  }
}
