import { z } from "zod";
import { durationTextSchema } from "../quantity/duration.ts";
import { flag, nonEmptyText, wholeNumber } from "../schema/text-scalars.ts";

/** The manual's section Metrics: how resource use is gathered and kept. */
export const accountingSchema = z.strictObject({
  average: durationTextSchema
    .default("10m")
    .meta({ description: "Window of per-container averages" }),
  aggregate: durationTextSchema
    .default("60m")
    .meta({ description: "Window that averages are aggregated in" }),
  aggregate_ratio: wholeNumber(1).default(6).meta({ description: "aggregate / average" }),
  retention: durationTextSchema.default("480h").meta({ description: "Time that data is kept" }),
  shard_duration: durationTextSchema
    .default("48h")
    .meta({ description: "Window of a data shard (InfluxDB)" }),
  replication: wholeNumber(1).default(1).meta({ description: "Copies of the data (InfluxDB)" }),
  tag_account_name: nonEmptyText
    .default("namespace_name")
    .meta({ description: "Tag by which use is accounted" }),
  retention_policy: nonEmptyText
    .default("default")
    .meta({ description: "Name of the retention policy (InfluxDB)" }),
  db: nonEmptyText.default("k8s").meta({ description: "Database" }),
  init_retention_policy: z
    .enum(["alter", "create"])
    .default("alter")
    .meta({ description: "How the retention policy is set up (InfluxDB)" }),
  default_retention_policy: flag
    .default(true)
    .meta({ description: "Whether the retention policy becomes the default one (InfluxDB)" }),
});
