import { z } from "zod";
import { cpuSchema, parseCpu } from "../quantity/cpu.ts";
import { memorySchema, parseMemory } from "../quantity/memory.ts";
import type { Quota } from "../reconcile/quota.ts";
import { wholeNumber } from "../schema/text-scalars.ts";
import { namespaceNameSchema } from "../spec/namespace-name.ts";

const quota = z.strictObject({
  jobs: wholeNumber(0).optional().meta({ description: "Jobs that have not ended" }),
  cpu: cpuSchema.optional().meta({ description: "Cores that these ask for together" }),
  memory: memorySchema.optional().meta({ description: "Memory that these ask for together" }),
});

/** What the jobs of a namespace may be and have together, by the namespace's name. An addition to the manual. */
export const quotasSchema = z.record(namespaceNameSchema, quota).default({});

/** The configured quotas by namespace, in numbers. */
export function toQuotas(quotas: z.output<typeof quotasSchema>): Record<string, Quota> {
  return Object.fromEntries(
    Object.entries(quotas).map(([namespace, { jobs, cpu, memory }]): [string, Quota] => [
      namespace,
      {
        ...(jobs === undefined ? {} : { jobs }),
        ...(cpu === undefined ? {} : { cpuMillis: parseCpu(cpu) }),
        ...(memory === undefined ? {} : { memoryBytes: parseMemory(memory) }),
      },
    ]),
  );
}
