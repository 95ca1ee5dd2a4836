/** One file of the runtime bundle. */
export interface RuntimeFile {
  /** Path relative to `RUNTIME_DIR`, with forward slashes. */
  readonly path: string;
  /** POSIX permission bits, for example 0o644. */
  readonly mode: number;
  readonly content: Uint8Array;
}

/**
 * Everything that is mounted read-only at `RUNTIME_DIR` in a Julia container: the wrapper, the startup
 * shells and the Julia package. Engines keep one copy per `hash`.
 */
export interface RuntimeBundle {
  /** First 16 hex digits of a SHA-256 over paths, modes and contents: equal bundles have equal hashes. */
  readonly hash: string;
  /** Sorted by path. */
  readonly files: readonly RuntimeFile[];
}
