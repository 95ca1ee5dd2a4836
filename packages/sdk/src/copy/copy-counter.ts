import { showBytes, type ByteText } from "@juliarun/core";
import type { CopyProgress, CopySummary } from "./copy-options.ts";

/** Counts what is copied, and tells of it. */
export class CopyCounter {
  readonly #onCopied: ((progress: CopyProgress) => void) | undefined;
  #totals: Pick<CopyProgress, "totalFiles" | "totalBytes"> = {};
  #files = 0;
  #bytes = 0;
  #folders = 0;
  #links = 0;
  readonly #skipped: string[] = [];

  constructor(onCopied: ((progress: CopyProgress) => void) | undefined) {
    this.#onCopied = onCopied;
  }

  expect(totalFiles: number, totalBytes: number): void {
    this.#totals = { totalFiles, totalBytes };
  }

  bytes(count: number): void {
    this.#bytes += count;
    this.#tell();
  }

  file(): void {
    this.#files++;
    this.#tell();
  }

  folder(): void {
    this.#folders++;
  }

  link(): void {
    this.#links++;
  }

  skip(parts: readonly ByteText[]): void {
    this.#skipped.push(showBytes(parts.join("/")));
  }

  summary(target: string): CopySummary {
    return {
      files: this.#files,
      folders: this.#folders,
      links: this.#links,
      bytes: this.#bytes,
      target,
      skipped: this.#skipped,
    };
  }

  #tell(): void {
    this.#onCopied?.({ files: this.#files, bytes: this.#bytes, ...this.#totals });
  }
}
