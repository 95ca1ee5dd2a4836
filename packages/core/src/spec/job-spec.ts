/** A file of the user's that travels with the job; visible at `/run/juliarun/files/<name>`. At most 1 MiB in sum. */
export interface PlacedFile {
  /** File name without folders. */
  readonly name: string;
  /** Content, base64. */
  readonly contentBase64: string;
}

/**
 * What a user submits, normalised: parameters checked by the job type's schema, with defaults filled in.
 * Serialisable. Holds no secret values, only references to them.
 */
export interface JobSpec {
  /** Name of the job type, such as `JuliaBatch`. */
  readonly type: string;
  /** Unique in the namespace: `[a-z]([-a-z0-9]*[a-z0-9])?`, at most 45 characters. */
  readonly name: string;
  /** Parameters by their camelCase names (`runVolume` is the manual's `run_volume`). */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Placed files, such as the script of `jrun run`. */
  readonly files: readonly PlacedFile[];
}
