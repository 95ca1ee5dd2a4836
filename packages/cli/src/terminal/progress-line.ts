import yoctoSpinner, { type Spinner } from "yocto-spinner";
import type { CliIo } from "../cli-io.ts";

/**
 * Says on standard error what is going on: a spinner on a terminal, one line for each new activity elsewhere,
 * nothing when quiet.
 */
export class ProgressLine {
  readonly #io: CliIo;
  readonly #quiet: boolean;
  #spinner: Spinner | undefined;
  #last = "";

  constructor(io: CliIo, quiet: boolean) {
    this.#io = io;
    this.#quiet = quiet;
  }

  /**
   * Shows what is going on.
   * @param text - the activity; told once where there is no terminal.
   * @param detail - what changes often, such as a percentage; only for terminals.
   */
  show(text: string, detail = ""): void {
    if (this.#quiet) return;
    const { stderr } = this.#io;
    if (stderr.isTTY !== true) {
      if (text !== this.#last) stderr.write(`${text}\n`);
      this.#last = text;
      return;
    }
    const shown = detail === "" ? text : `${text} ${detail}`;
    this.#spinner ??= yoctoSpinner({ stream: stderr, handleSignals: false }).start(shown);
    this.#spinner.text = shown;
  }

  /** Takes the line away, so that other output can be written. */
  clear(): void {
    this.#spinner?.stop();
    this.#spinner = undefined;
  }
}
