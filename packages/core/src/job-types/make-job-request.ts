import type { z } from "zod";
import type { PlacedFile } from "../spec/job-spec.ts";
import type { JobRequest } from "./job-request.ts";
import type { JobType } from "./job-type.ts";

/** What a job of a type is asked for with: its name, files that travel with it, and the type's parameters. */
export type JobRequestOptions<Schema extends z.ZodObject> = {
  /** Unique in the namespace: `[a-z]([-a-z0-9]*[a-z0-9])?`, at most 45 characters. */
  readonly name: string;
  /** Files that travel with the job, to `/run/juliarun/files/<name>`; default: none. */
  readonly files?: readonly PlacedFile[];
} & z.input<Schema>;

/**
 * A job of any type, such as one of the user's own: its parameters are those of the type's schema, and are checked when the job
 * is submitted. The context has to know the type: by the configuration's `jobtypes`, or by `init({ jobTypes })`.
 */
export function jobRequest<Schema extends z.ZodObject>(
  type: JobType<Schema>,
  options: JobRequestOptions<Schema>,
): JobRequest {
  const { name, files, ...parameters } = options;
  return { type: type.name, name, parameters, ...(files === undefined ? {} : { files }) };
}
