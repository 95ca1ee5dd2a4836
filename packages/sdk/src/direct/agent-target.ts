import { parseCpu, parseMemory, type Capacity, type Config } from "@juliarun/core";

/** Which engine, as an agent's arguments name it: no secrets, as everybody can read a process's arguments. */
export interface AgentTarget {
  readonly stateDir: string;
  /** `compute.docker` of the configuration. */
  readonly host?: string;
  readonly context?: string;
  /** `compute.capacity` of the configuration. */
  readonly capacity: Partial<Capacity>;
}

/** What a configuration says of the Docker Engine that it means. */
export function agentTarget({ compute }: Pick<Config, "compute">, stateDir: string): AgentTarget {
  const { host, context } = compute.docker;
  const { cpu, memory, gpu } = compute.capacity;
  return {
    stateDir,
    ...(host === undefined ? {} : { host }),
    ...(context === undefined ? {} : { context }),
    capacity: {
      ...(cpu === undefined ? {} : { cpuMillis: parseCpu(cpu) }),
      ...(memory === undefined ? {} : { memoryBytes: parseMemory(memory) }),
      ...(gpu === undefined ? {} : { gpus: gpu }),
    },
  };
}
