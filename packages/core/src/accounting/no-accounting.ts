import type { Accounting, MetricRow } from "./accounting.ts";

/** Keeps nothing: writing is accepted, so that programs that publish metrics run everywhere; reading finds nothing. */
export class NoAccounting implements Accounting {
  readonly enabled = false;

  setup(): Promise<void> {
    return Promise.resolve();
  }

  cleanup(): Promise<void> {
    return Promise.resolve();
  }

  record(): Promise<void> {
    return Promise.resolve();
  }

  rusage(): Promise<MetricRow[]> {
    return Promise.resolve([]);
  }

  metrics(): Promise<MetricRow[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
