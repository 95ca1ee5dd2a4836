import { z } from "zod";
import { nonEmptyText } from "../schema/text-scalars.ts";
import { secretFile, secretVariable } from "./secret.ts";

const HOST = /^[A-Za-z0-9](?:[-.A-Za-z0-9]*[A-Za-z0-9])?(?::\d{1,5})?$/;

const registry = z.strictObject({
  username: nonEmptyText
    .refine((name) => !name.includes(":"), { error: "must not contain a colon" })
    .optional()
    .meta({ description: "Who pulls" }),
  password: z
    .union([secretFile, secretVariable], {
      error: 'must be { "file": "path" } or { "env": "NAME" }',
    })
    .optional()
    .meta({ description: "Password or token of that user, in a file or a variable" }),
  secret: nonEmptyText.optional().meta({
    description:
      "Existing Secret of type kubernetes.io/dockerconfigjson in the job's namespace, which pods use instead",
  }),
});

/** Credentials of image registries by `host` or `host:port`; Docker Hub is `docker.io`. An addition to the manual. */
export const registriesSchema = z
  .record(
    nonEmptyText.regex(HOST, {
      error: "must be a registry's host or host:port, such as registry.example:5000",
    }),
    registry,
  )
  .default({});

/** The credentials of one registry, as configured. */
export type RegistrySource = z.output<typeof registry>;
