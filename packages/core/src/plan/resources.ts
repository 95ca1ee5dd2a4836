import { parseCpu } from "../quantity/cpu.ts";
import { parseMemory } from "../quantity/memory.ts";
import type { Resources } from "./job-plan.ts";

const ONE_CORE_MILLIS = 1000;

/**
 * What a unit may use. CPU is requested as given and may burst to a whole core at least, because Julia's start-up
 * at a tenth of a core takes several times as long.
 */
export function toResources(cpu: string, memory: string, gpu: number): Resources {
  const cpuMillis = parseCpu(cpu);
  return {
    cpuMillis,
    cpuLimitMillis: Math.max(cpuMillis, ONE_CORE_MILLIS),
    memoryBytes: parseMemory(memory),
    gpus: gpu,
  };
}
