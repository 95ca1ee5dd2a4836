/** A job: by its name, or as anything that has its name, such as a request or a job that a call returned. */
export type JobRef = string | { readonly name: string };

/** The name that a {@link JobRef} means. */
export function jobName(job: JobRef): string {
  return typeof job === "string" ? job : job.name;
}
