import type { JobRecord } from "@juliarun/core";
import type { V1Secret } from "@kubernetes/client-node";
import { partMetadata } from "./job-metadata.ts";
import { secretName } from "./names.ts";
import type { RecordOwner } from "./owner-reference.ts";

/** Secret of a submit: a key for each secret of the record. */
export function toSecret(
  record: JobRecord,
  secrets: Readonly<Record<string, string>>,
  owner: RecordOwner,
): V1Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "Opaque",
    metadata: partMetadata(record, secretName(record), owner),
    immutable: true,
    data: Object.fromEntries(
      Object.entries(secrets).map(([name, value]) => [
        name,
        Buffer.from(value, "utf8").toString("base64"),
      ]),
    ),
  };
}
