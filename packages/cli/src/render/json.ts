import type { Job } from "@juliarun/sdk";

/** A value for programs: indented for one document, in one line for a stream of them. */
export function renderJson(value: unknown, form: "document" | "line" = "document"): string {
  return JSON.stringify(
    value,
    (_key, each: unknown) => (typeof each === "bigint" ? String(each) : each),
    form === "line" ? 0 : 2,
  );
}

/** A job for programs: contents of placed files would drown all else. */
export function jobJson(job: Job): unknown {
  const files = job.spec.files.map(({ name, contentBase64 }) => ({
    name,
    bytes: Buffer.byteLength(contentBase64, "base64"),
  }));
  return { ...job, spec: { ...job.spec, files } };
}
