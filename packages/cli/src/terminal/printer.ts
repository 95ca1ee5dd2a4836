import { styleText } from "node:util";
import type { OutputStream } from "../cli-io.ts";

/** Colours and weights that output uses. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan";

/** Whether colours are wanted on an output: on a terminal, unless NO_COLOR, `TERM=dumb` or `--no-color` say otherwise. */
export function wantsColor(
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
  allowed: boolean,
): boolean {
  if (!allowed || env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

/** Writes to one output, with colours where they are wanted, at the pace of its reader. */
export class Printer {
  readonly #stream: OutputStream;
  readonly color: boolean;

  constructor(stream: OutputStream, color: boolean) {
    this.#stream = stream;
    this.color = color;
  }

  get isTerminal(): boolean {
    return this.#stream.isTTY === true;
  }

  get columns(): number | undefined {
    return this.isTerminal ? this.#stream.columns : undefined;
  }

  style(text: string, ...styles: readonly Style[]): string {
    return this.color && styles.length > 0
      ? styleText([...styles], text, { validateStream: false })
      : text;
  }

  /** Writes text or bytes as they are. Resolves when more may be written; never rejects, as a closed output ends the command. */
  async write(chunk: string | Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.#stream.write(chunk, () => resolve())) resolve();
    });
  }

  /** Writes a line. */
  async line(text = ""): Promise<void> {
    await this.write(`${text}\n`);
  }
}
