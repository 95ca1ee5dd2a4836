import {
  LogProgress,
  unitName,
  type LogContainers,
  type LogPosition,
  type LogScope,
  type LogStream,
} from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { listUnits } from "./observe.ts";
import type { ListedUnit } from "./status.ts";

/** The containers of a namespace, for their logs. */
export function logContainers(client: DockerClient, namespace: string): LogContainers<ListedUnit> {
  return {
    list: async (jobUid, signal) => {
      const job = jobUid === undefined ? {} : { jobUid };
      const listed = await listUnits(client, { namespace, ...job }, signal);
      return listed.filter(({ unit }) => unit.state !== "created");
    },
    unitOf: ({ unit }) => ({ jobUid: unit.jobUid, unit: unitName(unit) }),
    compare,
  };
}

/** To read a container's log from where the caller has left it. */
export function newProgress(
  { positions, query }: LogScope<ListedUnit>,
  { identity: { job }, unit: { jobUid, attempt, ...unit } }: ListedUnit,
): LogProgress {
  const source = { job, jobUid, unit: unitName(unit), attempt };
  const places: Partial<Record<LogStream, LogPosition>> = {};
  for (const position of positions) {
    const { stream, timeNs, ordinal } = position;
    const own = position.jobUid === jobUid && position.attempt === attempt;
    if (!own || position.unit !== source.unit) continue;
    const other = places[stream];
    const later =
      !other || timeNs > other.timeNs || (timeNs === other.timeNs && ordinal > other.ordinal);
    if (later) places[stream] = position;
  }
  return new LogProgress(source, places, query.sinceNs);
}

function compare(a: ListedUnit, b: ListedUnit): number {
  if (a.identity.job !== b.identity.job) return a.identity.job < b.identity.job ? -1 : 1;
  const byRole = Number(a.unit.role === "worker") - Number(b.unit.role === "worker");
  return byRole || a.unit.index - b.unit.index || a.unit.attempt - b.unit.attempt;
}
