import { z } from "zod";
import { cpuSchema } from "../quantity/cpu.ts";
import { memorySchema } from "../quantity/memory.ts";
import { flag, nonEmptyText, wholeNumber } from "../schema/text-scalars.ts";
import { namespaceNameSchema } from "../spec/namespace-name.ts";
import { secretRefSchema } from "./secret.ts";
import { httpUrlSchema } from "./url-schema.ts";

/** How to prove who one is to a Kubernetes API server (manual: Compute Resources). */
const auth = z.strictObject({
  type: z.enum(["none", "cert", "token", "in-cluster", "kubeconfig"]).default("none").meta({
    description:
      "none: a proxy authenticates; cert: client certificate; token: OpenID Connect or service account token; in-cluster: the pod's own; kubeconfig: as kubectl",
  }),
  "certificate-authority-data": secretRefSchema
    .optional()
    .meta({ description: "CA certificate of the server, base64" }),
  "cert-verify": flag
    .default(true)
    .meta({ description: "Whether the server's certificate is verified" }),
  "client-certificate-data": secretRefSchema
    .optional()
    .meta({ description: "Client certificate, base64" }),
  "client-key-data": secretRefSchema.optional().meta({ description: "Client key, base64" }),
  token: secretRefSchema.optional().meta({ description: "Token, base64" }),
  kubeconfig: nonEmptyText
    .optional()
    .meta({ description: "File of type kubeconfig; kubectl's own where absent" }),
  context: nonEmptyText
    .optional()
    .meta({ description: "Context of the kubeconfig; its current one where absent" }),
});

const capacity = z.strictObject({
  cpu: cpuSchema.optional().meta({ description: "Cores for all jobs together" }),
  memory: memorySchema.optional().meta({ description: "Memory for all jobs together" }),
  gpu: wholeNumber(0, 1024).optional().meta({ description: "GPUs for all jobs together" }),
});

const docker = z.strictObject({
  host: nonEmptyText.optional().meta({
    description:
      "Docker Engine: unix:///path, tcp://host:port, ssh://user@host; as the docker command where absent",
  }),
  context: nonEmptyText.optional().meta({ description: "Docker context that names the engine" }),
});

/** The manual's section Compute Resources, for all backends; what is of another backend is checked and unused. */
export const computeSchema = z.strictObject({
  uri: httpUrlSchema.optional().meta({ description: "Kubernetes API server, or a kubectl proxy" }),
  namespace: namespaceNameSchema.default("default").meta({ description: "Namespace of jobs" }),
  auth: auth.prefault({}).meta({ description: "Authentication at the Kubernetes API server" }),
  capacity: capacity
    .prefault({})
    .meta({ description: "What jobs may use of a Docker Engine's host; all of it where absent" }),
  docker: docker.prefault({}).meta({ description: "Which Docker Engine" }),
});
