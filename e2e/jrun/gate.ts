import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JrunFolder } from "./jrun-folder.ts";

/** A place where programs wait until the test lets them go on. */
export class Gate {
  /** For shell scripts. */
  readonly sh: string;
  /** For Julia programs. */
  readonly julia: string;
  readonly #file: string;

  /** @param name - of a file on the workspace's run volume. */
  constructor(workspace: JrunFolder, name: string) {
    const path = `/mnt/juliarun/${name}`;
    this.sh = `until [ -e ${path} ]; do sleep 0.05; done`;
    this.julia = `while !isfile("${path}"); sleep(0.05); end`;
    this.#file = join(workspace.volume, name);
  }

  /** Lets through who waits, and everybody who comes later. */
  async open(): Promise<void> {
    await writeFile(this.#file, "");
  }
}
