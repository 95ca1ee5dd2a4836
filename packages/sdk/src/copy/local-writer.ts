import {
  chmod,
  copyFile,
  lstat,
  mkdir,
  open,
  rename,
  rm,
  stat,
  symlink,
  utimes,
} from "node:fs/promises";
import { blocked, bytesOf, ManagerError, showBytes, type ByteText } from "@juliarun/core";
import { localFailed } from "./copy-failed.ts";
import { makeLocalStaging } from "./local-staging.ts";

/** Permissions and time of what is written. */
export interface FileFacts {
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

/**
 * Writes files below a path of this machine, and nowhere else: no link below it is followed. A file gets its name
 * once it is complete; links, and permissions and times of new folders, come at the end.
 */
export class LocalWriter implements AsyncDisposable {
  readonly #target: ByteText;
  readonly #staging: ByteText;
  readonly #followTop: boolean;
  readonly #known = new Set<ByteText>();
  readonly #made: { readonly path: ByteText; readonly facts: FileFacts }[] = [];
  readonly #files = new Set<ByteText>();
  readonly #links: { readonly parts: readonly ByteText[]; readonly target: ByteText }[] = [];
  #count = 0;

  private constructor(target: ByteText, staging: ByteText, followTop: boolean) {
    this.#target = target;
    this.#followTop = followTop;
    this.#staging = staging;
  }

  /**
   * @param target - absolute; what is above it is made where missing.
   * @param followTop - it may be a link to a folder, as it was named itself.
   */
  static async open(target: ByteText, followTop: boolean): Promise<LocalWriter> {
    const writer = new LocalWriter(target, await makeLocalStaging(target), followTop);
    const above = target.slice(0, target.lastIndexOf("/"));
    try {
      if (above !== "") await mkdir(bytesOf(above), { recursive: true });
    } catch (error) {
      await writer[Symbol.asyncDispose]();
      throw localFailed(error, "make", above);
    }
    return writer;
  }

  async folder(parts: readonly ByteText[], facts: FileFacts): Promise<void> {
    await this.#above(parts);
    await this.#folder(parts, facts);
  }

  async file(
    parts: readonly ByteText[],
    facts: FileFacts,
    content: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    await this.#above(parts);
    const staged = this.#stagedName();
    const path = this.#path(parts);
    try {
      await using file = await open(bytesOf(staged), "wx", 0o600);
      for await (const chunk of content) await writeAll(file, chunk);
      await file.chmod(facts.mode & 0o777);
      await file.utimes(facts.mtime, facts.mtime);
    } catch (error) {
      throw localFailed(error, "write", path);
    }
    await this.#place(staged, parts);
  }

  /** A further name of a file that was written before. */
  async again(
    parts: readonly ByteText[],
    facts: FileFacts,
    of: readonly ByteText[],
  ): Promise<void> {
    if (!this.#files.has(of.join("/"))) {
      throw new ManagerError(
        "SPEC_INVALID",
        `What came from the volume has a file ${showBytes(parts.join("/"))} that refers to ${showBytes(of.join("/"))}, which did not come: the copy has stopped.`,
      );
    }
    await this.#above(parts);
    const staged = this.#stagedName();
    try {
      await copyFile(bytesOf(this.#path(of)), bytesOf(staged));
      await chmod(bytesOf(staged), facts.mode & 0o777);
      await utimes(bytesOf(staged), facts.mtime, facts.mtime);
    } catch (error) {
      throw localFailed(error, "write", this.#path(parts));
    }
    await this.#place(staged, parts);
  }

  /** Made by {@link LocalWriter.finish}, so that nothing is written through it. */
  link(parts: readonly ByteText[], target: ByteText): void {
    this.#links.push({ parts, target });
  }

  async finish(): Promise<void> {
    for (const { parts, target } of this.#links) {
      await this.#above(parts);
      const staged = this.#stagedName();
      try {
        await symlink(bytesOf(target), bytesOf(staged));
      } catch (error) {
        throw localFailed(error, "write", this.#path(parts));
      }
      await this.#place(staged, parts);
    }
    for (const { path, facts } of this.#made.toReversed()) {
      try {
        await chmod(bytesOf(path), facts.mode & 0o777);
        await utimes(bytesOf(path), facts.mtime, facts.mtime);
      } catch (error) {
        throw localFailed(error, "write", path);
      }
    }
  }

  /** Removes what is not complete. */
  async [Symbol.asyncDispose](): Promise<void> {
    await rm(bytesOf(this.#staging), { recursive: true, force: true });
  }

  #path(parts: readonly ByteText[]): ByteText {
    return [this.#target, ...parts].join("/");
  }

  #stagedName(): ByteText {
    return `${this.#staging}/${this.#count++}`;
  }

  async #above(parts: readonly ByteText[]): Promise<void> {
    for (const index of parts.keys()) await this.#folder(parts.slice(0, index));
  }

  async #folder(parts: readonly ByteText[], facts?: FileFacts): Promise<void> {
    const path = this.#path(parts);
    if (this.#known.has(path)) return;
    try {
      const found = await lstat(bytesOf(path)).catch(absent);
      if (!found) {
        await mkdir(bytesOf(path), { mode: 0o700 });
        if (facts) this.#made.push({ path, facts });
      } else if (!found.isDirectory() && !(await this.#isFollowed(parts))) {
        throw blocked(path, found.isSymbolicLink() ? "link" : "file");
      }
    } catch (error) {
      throw localFailed(error, "write", path);
    }
    this.#known.add(path);
  }

  async #isFollowed(parts: readonly ByteText[]): Promise<boolean> {
    if (!this.#followTop || parts.length > 0) return false;
    return (await stat(bytesOf(this.#target))).isDirectory();
  }

  async #place(staged: ByteText, parts: readonly ByteText[]): Promise<void> {
    const path = this.#path(parts);
    try {
      const found = await lstat(bytesOf(path)).catch(absent);
      if (found?.isDirectory()) throw blocked(path, "folder");
      await rename(bytesOf(staged), bytesOf(path));
    } catch (error) {
      throw localFailed(error, "write", path);
    }
    this.#files.add(parts.join("/"));
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

async function writeAll(
  file: { write(bytes: Uint8Array): Promise<{ bytesWritten: number }> },
  chunk: Uint8Array,
): Promise<void> {
  for (let rest = chunk; rest.length > 0;) {
    const { bytesWritten } = await file.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}
