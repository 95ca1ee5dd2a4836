import {
  cursorPrefix,
  DoubleFilter,
  encodeCursorOf,
  OrdinalCounter,
  unitName,
  type LogEntry,
  type LogPlace,
  type LogStream,
} from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { engineStatus, toDockerError } from "./errors.ts";
import { LogFrames } from "./log-frames.ts";
import type { ListedUnit } from "./status.ts";

/** Of each stream, the last entry that was read. */
export type LogPlaces = Partial<Record<LogStream, LogPlace>>;

/** What to read of one container's log. */
export interface ContainerLogQuery {
  readonly streams: readonly LogStream[];
  /** What was read before is left out. */
  readonly after: LogPlaces;
  /** The engine need not look further back than this. */
  readonly sinceNs?: bigint | undefined;
  /** Only so many of the engine's messages from the end. */
  readonly tail?: number | undefined;
  readonly follow: boolean;
  /** Whether the container has ended, so that what has no end yet is a line too. */
  readonly ended: boolean;
}

/** What is known at the end of reading. */
export interface LogReading {
  /** The last entries of each stream, read now or before. */
  readonly places: LogPlaces;
  /** Messages that the engine sent. */
  readonly messages: number;
}

/** Reads a container's log: a batch a chunk. A container without log, or that is gone, has no entries. */
export async function* readContainerLog(
  client: DockerClient,
  { identity, unit }: ListedUnit,
  query: ContainerLogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogEntry[], LogReading> {
  const places: Partial<Record<LogStream, LogPlace>> = { ...query.after };
  let batch: LogEntry[] = [];
  const tracks = {
    stdout: new Track("stdout", identity.uid, unit, query.after),
    stderr: new Track("stderr", identity.uid, unit, query.after),
  };
  const { job } = identity;
  const { attempt } = unit;
  const name = unitName(unit);
  const frames = new LogFrames((stream, timeNs, line) => {
    const track = tracks[stream];
    const ordinal = track.counter.next(timeNs);
    if (!track.filter.isNew(timeNs, ordinal)) return;
    places[stream] = { timeNs, ordinal };
    if (query.sinceNs !== undefined && timeNs < query.sinceNs) return;
    const cursor = encodeCursorOf(track.prefix, timeNs, ordinal);
    batch.push({ job, unit: name, attempt, stream, timeNs, line, cursor });
  });
  for await (const chunk of openLog(client, unit.engineId, query, signal)) {
    frames.push(chunk);
    if (batch.length === 0) continue;
    yield batch;
    batch = [];
  }
  if (query.ended) frames.end();
  if (batch.length > 0) yield batch;
  return { places, messages: frames.messages };
}

/** What is kept of one stream while it is read. */
class Track {
  readonly counter = new OrdinalCounter();
  readonly filter: DoubleFilter;
  readonly prefix: string;

  constructor(stream: LogStream, jobUid: string, unit: ListedUnit["unit"], after: LogPlaces) {
    this.filter = new DoubleFilter(after[stream]);
    this.prefix = cursorPrefix({ jobUid, unit: unitName(unit), attempt: unit.attempt, stream });
  }
}

async function* openLog(
  client: DockerClient,
  containerId: string,
  query: ContainerLogQuery,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const doing = "to read a container's log";
  const parameters = {
    stdout: query.streams.includes("stdout"),
    stderr: query.streams.includes("stderr"),
    timestamps: true,
    follow: query.follow,
    ...(query.tail === undefined ? {} : { tail: query.tail }),
    ...(query.sinceNs === undefined ? {} : { since: toSince(query.sinceNs) }),
  };
  try {
    const stream = await client.stream(
      doing,
      `/containers/${containerId}/logs?`,
      parameters,
      signal,
    );
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    if (signal.aborted || engineStatus(error) === 404) return;
    // A container that is being removed.
    if (engineStatus(error) === 409) return;
    throw toDockerError(error, doing, client.address);
  }
}

/** Seconds with nine digits behind the point. */
function toSince(timeNs: bigint): string {
  const digits = timeNs.toString().padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
