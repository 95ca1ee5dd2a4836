import type { Accounting } from "../accounting/accounting.ts";
import { delay } from "../engine/delay.ts";
import type { ShowMetricsOptions } from "./context-options.ts";
import { formatMetrics } from "./format-metrics.ts";

/** Metrics of each container as text tables, `times` times with pauses; ends early when the signal aborts. */
export async function* showMetrics(
  accounting: Accounting,
  namespace: string,
  options: ShowMetricsOptions,
): AsyncGenerator<string, void, undefined> {
  const { times = 1, delaySeconds = 5, signal = new AbortController().signal, ...query } = options;
  for (let round = 1; !signal.aborted; round++) {
    yield formatMetrics(await accounting.metrics(namespace, query, signal), accounting.enabled);
    if (round === times) return;
    await delay(delaySeconds * 1000, signal);
  }
}
