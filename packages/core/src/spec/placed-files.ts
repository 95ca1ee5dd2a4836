import type { SpecIssues } from "../errors/spec-issues.ts";
import type { PlacedFile } from "./job-spec.ts";

/** Most that all files of a job may have together, in bytes: what fits beside a Kubernetes object. */
export const MAX_PLACED_BYTES = 2 ** 20;

const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,126}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A file to travel with a job, from its name and its content as text or bytes. */
export function placedFile(name: string, content: string | Uint8Array): PlacedFile {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : Buffer.from(content);
  return { name, contentBase64: bytes.toString("base64") };
}

/** Notes what is wrong with a job's files: unsafe or double names, content that is not base64, more than 1 MiB together. */
export function checkPlacedFiles(files: readonly PlacedFile[], issues: SpecIssues): void {
  const names = new Set<string>();
  let bytes = 0;
  for (const { name, contentBase64 } of files) {
    if (!NAME.test(name)) {
      issues.add(
        "files",
        `must be named by letters, digits, ".", "_" and "-", without folders, not ${JSON.stringify(name)}`,
      );
    }
    if (names.has(name)) issues.add("files", `hold ${name} twice`);
    names.add(name);
    if (!BASE64.test(contentBase64))
      issues.add("files", `have a content of ${name} that is not base64`);
    bytes += Buffer.byteLength(contentBase64, "base64");
  }
  if (bytes > MAX_PLACED_BYTES) {
    issues.add(
      "files",
      `may have 1 MiB together and have ${bytes} bytes: put large data on a volume`,
    );
  }
}
