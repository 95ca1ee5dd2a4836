/** Number of nodes of a scalable group. */
export interface NodeGroupSize {
  readonly current: number;
  readonly min: number;
  readonly max: number;
}

/** Adds nodes to and removes nodes from a cloud's cluster (manual: Cluster Autoscaler, `cloudscaler`). */
export interface CloudScaler {
  /** Whether nodes can be changed at all. */
  readonly enabled: boolean;
  size(signal?: AbortSignal): Promise<NodeGroupSize>;
  /** Asks for that many nodes; idempotent. */
  resize(count: number, signal?: AbortSignal): Promise<void>;
  /** Removes just these nodes and shrinks the group by as many. */
  remove(nodes: readonly string[], signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
