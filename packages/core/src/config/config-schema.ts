import { z } from "zod";
import { pluginNameSchema } from "../plugins/plugin-names.ts";
import { nonEmptyText } from "../schema/text-scalars.ts";
import { accountingSchema } from "./accounting-schema.ts";
import { computeSchema } from "./compute-schema.ts";
import { kuberscalerSchema } from "./kuberscaler-schema.ts";
import { logSchema } from "./log-schema.ts";
import { quotasSchema } from "./quota-schema.ts";
import { registriesSchema } from "./registry-schema.ts";
import { storageSchema } from "./storage-schema.ts";
import { httpUrlSchema } from "./url-schema.ts";

const image = z.strictObject({
  image: nonEmptyText.meta({ description: "Image reference, with its repository" }),
  executable: nonEmptyText
    .default("julia")
    .meta({ description: "Program that runs scripts, in the image" }),
  juliaver: nonEmptyText.optional().meta({ description: "Version of Julia, for people" }),
  user: nonEmptyText.optional().meta({
    description: "User that programs run as, uid[:gid]; the backend's choice where absent",
  }),
});

const server = z.strictObject({
  url: httpUrlSchema
    .optional()
    .meta({ description: "Address at which jobs reach the JuliaRun server" }),
});

/** The image that jobs get by default where the configuration has no images at all. */
const DEFAULT_IMAGES = { julia: { image: "julia:1", executable: "julia" } };

/**
 * The whole configuration: every key of the manual's chapter Configuration, and additions. Numbers and booleans may
 * be quoted. One schema for all backends. What spans several keys is checked by `checkConfig()`.
 */
export const configSchema = z.strictObject({
  $schema: z.string().optional().meta({ description: "JSON Schema of this file, for editors" }),
  log: logSchema.prefault({}).meta({ description: "Messages of JuliaRun itself" }),
  clustertype: pluginNameSchema("backend")
    .default("Docker")
    .meta({ description: "Backend: Docker, Kubernetes, or a module" }),
  externalsvc: z
    .enum(["LoadBalancer", "NodePort"])
    .default("LoadBalancer")
    .meta({ description: "How Kubernetes exposes external ports" }),
  loggertype: pluginNameSchema("logger").default("Native").meta({
    description: "Where logs are read from: KuberLogger (the engine's own), ESLogger, or a module",
  }),
  compute: computeSchema.prefault({}).meta({ description: "The cluster" }),
  storage: storageSchema.prefault({}).meta({ description: "Volumes that jobs may name" }),
  images: z.record(nonEmptyText, image).default(DEFAULT_IMAGES).meta({
    description:
      "Images by the names that jobs use; on Kubernetes the one named git clones gitrepo volumes",
  }),
  registries: registriesSchema.meta({
    description: "Credentials of image registries by host or host:port; Docker Hub is docker.io",
  }),
  quotas: quotasSchema.meta({
    description:
      "What the unfinished jobs of a namespace may have together; on Kubernetes a ResourceQuota says so",
  }),
  packages: z.array(nonEmptyText).default([]).meta({
    description: "Package bundles: each x needs a read-only volume x and a writable one xrw",
  }),
  projectcache: nonEmptyText.optional().meta({
    description:
      "Volume that keeps the packages of jobs' projects; each job's run volume where absent",
  }),
  accountingtype: pluginNameSchema("accounting")
    .default("NoAccounting")
    .meta({ description: "Resource accounting: NoAccounting, InfluxDBAccounting, or a module" }),
  accounting: accountingSchema
    .prefault({})
    .meta({ description: "Parameters of resource accounting" }),
  scalingtype: pluginNameSchema("scaling")
    .default("NoScaling")
    .meta({ description: "Cluster autoscaling: NoScaling, KuberScaler, or a module" }),
  kuberscaler: kuberscalerSchema.prefault({}).meta({ description: "Parameters of KuberScaler" }),
  jobtypes: z
    .array(nonEmptyText)
    .default([])
    .meta({ description: "Modules that define more job types" }),
  server: server.prefault({}).meta({ description: "The JuliaRun server" }),
});

/** A checked configuration, under the keys of its file, with defaults filled in. Secrets in it never print. */
export type Config = z.output<typeof configSchema>;

/** What a configuration may be given as. */
export type ConfigInput = z.input<typeof configSchema>;
