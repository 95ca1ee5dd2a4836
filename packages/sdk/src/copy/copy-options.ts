import type { Progress } from "@juliarun/core";

/** How far a copy is. */
export interface CopyProgress {
  readonly files: number;
  readonly bytes: number;
  /** Of the whole copy, where known beforehand. */
  readonly totalFiles?: number;
  readonly totalBytes?: number;
}

/** How to copy. */
export interface CopyOptions {
  /** Folder that a relative path of this machine is meant from; default: the current one. */
  readonly cwd?: string;
  /** Called at each piece that was copied. */
  readonly onCopied?: (progress: CopyProgress) => void;
  /** Called while the volume is being opened. */
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

/** What was copied. */
export interface CopySummary {
  readonly files: number;
  /** Folders, also those that were there already. */
  readonly folders: number;
  readonly links: number;
  /** Content of files. */
  readonly bytes: number;
  /** Where the copy is: `volume:/path` or a path of this machine; `-` for a stream. */
  readonly target: string;
  /** What was left out: links that lead out of the copied folder, devices, sockets, pipes. Paths below the copied folder. */
  readonly skipped: readonly string[];
}
