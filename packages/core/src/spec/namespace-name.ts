import { z } from "zod";

/** Name of a namespace: a DNS label, as on Kubernetes; at most 63 characters. */
export const namespaceNameSchema = z
  .string()
  .max(63, { error: "must have at most 63 characters" })
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
    error: "must be lower-case letters, digits and inner hyphens",
  });
