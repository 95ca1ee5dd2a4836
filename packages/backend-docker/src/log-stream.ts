import type { LogEntry, LogProgress, LogStream } from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { engineStatus, toDockerError } from "./errors.ts";
import { LogFrames, type OnLine } from "./log-frames.ts";
import type { ListedUnit } from "./status.ts";

/** What to read of one container's log. */
export interface ContainerLogQuery {
  readonly streams: readonly LogStream[];
  /** Only so many of the engine's messages from the end. */
  readonly tail?: number | undefined;
  readonly follow: boolean;
  /** Whether the container has ended, so that what has no end yet is a line too. */
  readonly ended: boolean;
}

/**
 * Reads a container's log from where it was left: a batch a chunk. A container without log, or that is gone, has no entries.
 * @returns the number of messages that the engine sent.
 */
export async function* readContainerLog(
  client: DockerClient,
  container: ListedUnit,
  query: ContainerLogQuery,
  progress: LogProgress,
  signal: AbortSignal,
): AsyncGenerator<LogEntry[], number> {
  let batch: LogEntry[] = [];
  const since = progress.begin(query.streams, query.follow);
  const frames = new LogFrames((stream, timeNs, line) => {
    const entry = progress.accept(stream, timeNs, line);
    if (entry) batch.push(entry);
  });
  for await (const chunk of openLog(client, container.unit.engineId, query, since, signal)) {
    frames.push(chunk);
    if (batch.length === 0) continue;
    yield batch;
    batch = [];
  }
  if (query.ended) frames.end();
  if (batch.length > 0) yield batch;
  return frames.messages;
}

/** Ends of a log that are tried before it is read from the place where it was left. */
const TAILS = [256, 2048, 16_384];

/**
 * Reads what is left of an ended container's log that was followed: a follower may miss the last lines. Looks from the end, as
 * the engine finds a place in a log only by reading all before it.
 */
export async function* readRest(
  client: DockerClient,
  container: ListedUnit,
  streams: readonly LogStream[],
  progress: LogProgress,
  signal: AbortSignal,
): AsyncGenerator<LogEntry[]> {
  const query = { streams, follow: false, ended: true };
  if (progress.hasRead) {
    for (const tail of TAILS) {
      const lines: Parameters<OnLine>[] = [];
      const frames = new LogFrames((...line) => lines.push(line));
      const { engineId } = container.unit;
      for await (const chunk of openLog(client, engineId, { ...query, tail }, undefined, signal)) {
        frames.push(chunk);
      }
      frames.end();
      const [first] = lines;
      if (first && frames.messages >= tail && !progress.isOld(first[0], first[1])) continue;
      progress.begin(streams);
      yield lines.flatMap((line) => progress.accept(...line) ?? []);
      return;
    }
  }
  yield* readContainerLog(client, container, query, progress, signal);
}

async function* openLog(
  client: DockerClient,
  containerId: string,
  { streams, tail, follow }: ContainerLogQuery,
  since: bigint | undefined,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const doing = "to read a container's log";
  const parameters = {
    stdout: streams.includes("stdout"),
    stderr: streams.includes("stderr"),
    timestamps: true,
    follow,
    ...(tail === undefined ? {} : { tail }),
    ...(since === undefined ? {} : { since: toSince(since) }),
  };
  try {
    const path = `/containers/${containerId}/logs?`;
    const stream = await client.stream(doing, path, parameters, signal);
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (error) {
    const status = engineStatus(error);
    // Gone, or being removed.
    if (signal.aborted || status === 404 || status === 409) return;
    throw toDockerError(error, doing, client.address);
  }
}

/** Seconds with nine digits behind the point. */
function toSince(timeNs: bigint): string {
  const digits = timeNs.toString().padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
