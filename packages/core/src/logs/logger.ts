import type { LogBatches, LogQuery } from "./log-entry.ts";

/** Where logs are read from: the engine itself, or a log store beside it (manual: `loggertype`). */
export interface Logger {
  /**
   * Reads the logs of a namespace.
   * @throws ManagerError JOB_NOT_FOUND for an unknown job, SPEC_INVALID for an unknown unit or a cursor that is not one.
   */
  logs(namespace: string, query: LogQuery, signal?: AbortSignal): LogBatches;
  close(): Promise<void>;
}
