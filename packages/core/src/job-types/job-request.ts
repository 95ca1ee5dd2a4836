import type { PlacedFile } from "../spec/job-spec.ts";

/** A job to be submitted, as the typed constructors make it: its parameters are not checked yet. */
export interface JobRequest {
  /** Name of the job type. */
  readonly type: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Files that travel with the job. */
  readonly files?: readonly PlacedFile[];
}
