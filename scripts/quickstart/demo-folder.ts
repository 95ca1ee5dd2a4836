import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { applyEdits, modify, parse } from "jsonc-parser";

/** The folder that the quickstart works in; the user may change what is in it. */
export class DemoFolder {
  readonly path: string;
  readonly #config: string;

  constructor(root: string) {
    this.path = join(root, "quickstart");
    this.#config = join(this.path, "config.json");
  }

  /** The image that an earlier quickstart, or the user since then, has configured for Julia. */
  async configuredImage(): Promise<string | undefined> {
    const text = await readFile(this.#config, "utf8").catch(() => "");
    const config = parse(text) as { images?: { julia?: { image?: string } } } | undefined;
    return config?.images?.julia?.image;
  }

  async create(): Promise<void> {
    await mkdir(this.path, { recursive: true });
  }

  /** Gives the demo a namespace of its own: jobs of the user's are never touched. */
  async setNamespace(namespace: string): Promise<void> {
    const text = await readFile(this.#config, "utf8");
    const edits = modify(text, ["compute", "namespace"], namespace, {
      formattingOptions: { insertSpaces: true, tabSize: 2 },
    });
    await writeFile(this.#config, applyEdits(text, edits));
  }

  /** Puts example programs onto the volume `juliarun`. */
  async placeExamples(examples: string, ...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await cp(join(examples, name), join(this.path, "juliarun", name), { recursive: true });
    }
  }
}
