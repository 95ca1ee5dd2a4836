import { join } from "node:path";
import { styleText } from "node:util";
import { execa } from "execa";
import { Problem } from "../progress/problem.ts";

/** Runs `jrun` as the user would, in the demo folder, and shows the command line first. */
export class Jrun {
  readonly #bin: string;
  readonly #cwd: string;

  constructor(root: string, cwd: string) {
    this.#bin = join(root, "node_modules/.bin");
    this.#cwd = cwd;
  }

  /** A command line in full, as it may be copied; throws a Problem where it fails. */
  async run(...words: readonly string[]): Promise<void> {
    const line = words.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(" ");
    console.log(`\n${styleText("bold", `$ ${line}`)}`);
    const [command = "jrun", ...args] = words;
    const { failed, exitCode, shortMessage } = await execa(command, args, {
      cwd: this.#cwd,
      // The demo's config.json, not one that the user has set.
      env: { JRUN_CONFIG: undefined },
      preferLocal: true,
      localDir: this.#bin,
      stdio: "inherit",
      reject: false,
    });
    if (failed)
      throw new Problem(
        exitCode === undefined ? shortMessage : `\`${line}\` ended with ${exitCode}.`,
      );
  }
}
