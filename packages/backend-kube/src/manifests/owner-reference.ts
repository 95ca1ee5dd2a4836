import type { V1OwnerReference } from "@kubernetes/client-node";

/** The ConfigMap with a job's record, as the server knows it. */
export interface RecordOwner {
  readonly name: string;
  /** `metadata.uid`: not the submit's. */
  readonly uid: string;
}

/**
 * Makes an object go when the record goes. Without `blockOwnerDeletion`, which on some clusters needs a right to the
 * owner's finalizers.
 */
export function toOwnerReference({ name, uid }: RecordOwner): V1OwnerReference {
  return { apiVersion: "v1", kind: "ConfigMap", name, uid };
}
