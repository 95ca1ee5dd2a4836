import type { LogPosition, LogStream } from "@juliarun/core";
import type { LogPlaces } from "./log-progress.ts";
import type { PodRun } from "./pod-run.ts";

/**
 * From where a container's log is read on, after what the caller has read of its unit. Pure.
 *
 * A later attempt is read whole. Of the same and of earlier ones, what is later than the cursor is new: a replaced pod
 * counts its attempts from 0 again, so a number alone does not tell what was read.
 */
export function placesAfter(run: PodRun, positions: readonly LogPosition[]): LogPlaces {
  const places: Partial<Record<LogStream, LogPosition>> = {};
  for (const position of positions) {
    if (position.jobUid !== run.pod.jobUid || position.unit !== run.unit) continue;
    const other = places[position.stream];
    if (!other || isAfter(position, other)) places[position.stream] = position;
  }
  const { stdout, stderr } = places;
  return {
    ...(stdout && run.attempt <= stdout.attempt ? { stdout } : {}),
    ...(stderr && run.attempt <= stderr.attempt ? { stderr } : {}),
  };
}

function isAfter(a: LogPosition, b: LogPosition): boolean {
  return a.timeNs === b.timeNs ? a.ordinal > b.ordinal : a.timeNs > b.timeNs;
}
