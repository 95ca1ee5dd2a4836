import {
  LogProgress,
  type LogPlaces,
  type LogPosition,
  type LogScope,
  type LogStream,
} from "@juliarun/core";
import type { PodRun } from "./pod-run.ts";

/** To read a container's log from where the caller has left it. */
export function newProgress({ positions, query }: LogScope<PodRun>, run: PodRun): LogProgress {
  return new LogProgress(sourceOf(run), placesAfter(run, positions), query.sinceNs);
}

/** To read a container that follows another in the same pod: whatever was taken for the earlier one's is not read again. */
export function nextProgress(
  { query }: LogScope<PodRun>,
  run: PodRun,
  before: LogProgress,
): LogProgress {
  return new LogProgress(sourceOf(run), before.places, query.sinceNs);
}

function sourceOf({ unit, attempt, pod }: PodRun): ConstructorParameters<typeof LogProgress>[0] {
  return { job: pod.job, jobUid: pod.jobUid, unit, attempt };
}

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
