import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import type { JobSpec } from "./job-spec.ts";

/** Parameters that may change without making it another job: the requested scale, and passwords. */
const LEFT_OUT: ReadonlySet<string> = new Set(["nworkers", "passwd"]);

/**
 * Identity of what a job does: sha256 (hex) over the canonical JSON of its normalised spec, content of placed files included.
 * Left out are the requested scale and password values; runtime files, the cookie and the image mapping are not
 * in a spec at all. Two submits of one name are the same job if and only if their hashes are equal.
 */
export function specHash(spec: JobSpec): string {
  const parameters = Object.fromEntries(
    Object.entries(spec.parameters).filter(([name]) => !LEFT_OUT.has(name)),
  );
  const files = spec.files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const text = canonicalize({ type: spec.type, name: spec.name, parameters, files }) ?? "";
  return createHash("sha256").update(text).digest("hex");
}
