import type { VolumeSource } from "../plan/volume-source.ts";
import type { Progress } from "./cluster-backend.ts";

/** An image that a volume can be opened with: it needs `sh`, `tar` and the other programs that every Linux image has. */
export interface VolumeImage {
  readonly image: string;
  /** User that the image's programs run as; overrides the backend's choice. */
  readonly user?: string;
}

/** Which volume to open, and what for. */
export interface VolumeAccess {
  /** Name of the volume in the configuration. */
  readonly volume: string;
  readonly source: VolumeSource;
  /** False: it is mounted read-only. */
  readonly writable: boolean;
  /** What the container runs, an argument each; it ends by itself when nothing else has run in the container for a while. */
  readonly command: readonly string[];
  /** Images of the configuration, the preferred one first; the first that is there already is best. */
  readonly images: readonly VolumeImage[];
  readonly onProgress?: (progress: Progress) => void;
}

/** How a program of {@link VolumeShell.run} ended. */
export interface VolumeRunEnd {
  readonly exitCode: number;
  /** The end of what it wrote to standard error. */
  readonly stderr: string;
}

/** A program that runs in a {@link VolumeShell}. */
export interface VolumeRun {
  /** Its standard output, to be read to its end. Throws when the connection breaks. */
  readonly output: AsyncIterable<Uint8Array>;
  /** After the output has ended. Rejects when it cannot be known how the program ended, or its input failed. */
  readonly ended: Promise<VolumeRunEnd>;
}

/**
 * A short-lived container with a volume in it, at `/mnt/<volume>`, for programs that read and write its files. It has no
 * network and ends when nobody uses it any more, also after its maker was killed.
 */
export interface VolumeShell {
  /**
   * Runs a program in the container.
   * @param command - program and arguments; they are not secret.
   * @param input - its standard input, which is read only as fast as the program does.
   */
  run(
    command: readonly string[],
    input: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<VolumeRun>;
  /** Ends the container's command by SIGTERM and removes the container. Idempotent. */
  close(): Promise<void>;
}
