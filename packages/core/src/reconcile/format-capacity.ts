import type { Capacity } from "../backend/cluster-info.ts";

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

/** For people: `0.5 CPU, 512 MiB` or `2 CPU, 8 GiB, 1 GPU`. */
export function formatCapacity({ cpuMillis, memoryBytes, gpus }: Capacity): string {
  const memory =
    memoryBytes >= GIBIBYTE
      ? `${Number((memoryBytes / GIBIBYTE).toFixed(1))} GiB`
      : `${Number((memoryBytes / MEBIBYTE).toFixed(1))} MiB`;
  const parts = [`${Number((cpuMillis / 1000).toFixed(3))} CPU`, memory];
  if (gpus > 0) parts.push(`${gpus} GPU`);
  return parts.join(", ");
}
