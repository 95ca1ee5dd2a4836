import type { JobSpec } from "./job-spec.ts";

/** The user's labels of a job, from its parameter `labels`. */
export function labelsOf(spec: JobSpec): Readonly<Record<string, unknown>> {
  const { labels } = spec.parameters;
  return typeof labels === "object" && labels !== null ? (labels as Record<string, unknown>) : {};
}
