/** A point in time: milliseconds since 1970, or relative to now such as `-1h`. */
export type MetricTime = number | string;

/** One measured value. */
export interface MetricPoint {
  /** `cpu`, `mem`, or a name of the job's own. */
  readonly resource: string;
  readonly value: number;
  /** Nanoseconds since 1970; the current time where absent. */
  readonly atNs?: bigint;
  /** Tags for aggregation; `container_name` and `namespace_name` by default. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Aggregated use of one resource in one period. */
export interface MetricRow {
  readonly resource: string;
  readonly aggregate: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly atNs: bigint;
  readonly value: number;
}

/** Which period and which resources. */
export interface MetricQuery {
  readonly start?: MetricTime;
  readonly end?: MetricTime;
  readonly resources?: readonly { readonly resource: string; readonly aggregate: string }[];
}

/** Keeps resource use and job metrics (manual: Metrics, `accountingtype`). */
export interface Accounting {
  /** Whether anything is recorded at all. */
  readonly enabled: boolean;
  /** Default aggregation and retention rules (manual: `setup_metrics`). */
  setup(signal?: AbortSignal): Promise<void>;
  /** Removes those rules and the data aggregated by them (manual: `cleanup_metrics`). */
  cleanup(signal?: AbortSignal): Promise<void>;
  /** Manual: `record_metrics`. */
  record(namespace: string, points: readonly MetricPoint[], signal?: AbortSignal): Promise<void>;
  /** Aggregated over the namespace (manual: `get_rusage`). */
  rusage(namespace: string, query: MetricQuery, signal?: AbortSignal): Promise<MetricRow[]>;
  /** Aggregated per container (manual: `get_metrics`). */
  metrics(namespace: string, query: MetricQuery, signal?: AbortSignal): Promise<MetricRow[]>;
  close(): Promise<void>;
}
