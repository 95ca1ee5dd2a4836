/** CPU, memory and GPUs, of a node, of a cluster, or asked for. */
export interface Capacity {
  /** Thousandths of a core. */
  readonly cpuMillis: number;
  /** Bytes. */
  readonly memoryBytes: number;
  readonly gpus: number;
}

/** One machine of a cluster. */
export interface NodeInfo {
  readonly name: string;
  readonly ready: boolean;
  /** What jobs may use of it. */
  readonly capacity: Capacity;
  /** Sum of what the running units on it requested. */
  readonly allocated: Capacity;
}

/** What a backend can do beyond the parts that every backend has. */
export interface Capabilities {
  /** Jobs wait in a queue until resources are free. */
  readonly queueing: boolean;
  readonly services: boolean;
  readonly externalEndpoints: boolean;
  readonly proxy: boolean;
  readonly usage: boolean;
  readonly gpus: boolean;
  /** `as()` accepts a caller's own credentials. */
  readonly credentials: boolean;
}

/** A cluster, seen from outside (manual: `status(ctx; verbose)`). */
export interface ClusterInfo {
  /** `docker`, `kubernetes`, `memory`, or a plugin's own. */
  readonly kind: string;
  /** The engine's version. */
  readonly version: string;
  /** Where it is, without credentials. */
  readonly address: string;
  readonly namespace: string;
  readonly nodes: readonly NodeInfo[];
  readonly capabilities: Capabilities;
}
