import { z } from "zod";
import { pluginNameSchema } from "../plugins/plugin-names.ts";
import { wholeNumber } from "../schema/text-scalars.ts";

const headroom = z.strictObject({
  nodecount: z.array(wholeNumber(0)).meta({ description: "Cluster sizes, rising" }),
  freepct: z
    .array(wholeNumber(0, 100))
    .meta({ description: "Percentage to keep free at each of these sizes" }),
});

/** The manual's section Cluster Autoscaler: parameters of KuberScaler. */
export const kuberscalerSchema = z.strictObject({
  cloudscaler: pluginNameSchema("cloudscaler").optional().meta({
    description: "How nodes are added and removed: AWSScaler, AzureACSEngineScaler, GCEScaler",
  }),
  headroom: headroom
    .default({ nodecount: [3, 5, 10, 20], freepct: [30, 20, 15, 10] })
    .meta({ description: "Resources to keep free at different cluster sizes" }),
  cooldown: wholeNumber(0).default(5).meta({ description: "Minutes between scaling activities" }),
  min: wholeNumber(0).default(1).meta({ description: "Least number of nodes" }),
  max: wholeNumber(0).default(5).meta({ description: "Largest number of nodes" }),
});
