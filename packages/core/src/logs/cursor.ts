import { ManagerError } from "../errors/manager-error.ts";
import type { LogStream } from "./log-entry.ts";

/** One of a unit's output streams. */
export interface LogSource {
  readonly jobUid: string;
  /** `master` or `worker-<index>`. */
  readonly unit: string;
  /** Number of the unit's container, from 0. */
  readonly attempt: number;
  readonly stream: LogStream;
}

/** A place in a stream: that entry has been read. */
export interface LogPlace {
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint;
  /** Number of the entry among those of the same stream and time, from 0. */
  readonly ordinal: number;
}

/** What a cursor says. */
export interface LogPosition extends LogSource, LogPlace {}

const VERSION = "1";
const SEPARATOR = "/";

/** The opaque text of a position. */
export function encodeCursor(position: LogPosition): string {
  return encodeCursorOf(cursorPrefix(position), position.timeNs, position.ordinal);
}

/** What all cursors of one stream begin with, for {@link encodeCursorOf}. */
export function cursorPrefix({ jobUid, unit, attempt, stream }: LogSource): string {
  return [VERSION, jobUid, unit, attempt, stream, ""].join(SEPARATOR);
}

/** {@link encodeCursor} for many entries of one stream. */
export function encodeCursorOf(prefix: string, timeNs: bigint, ordinal: number): string {
  return Buffer.from(prefix + timeNs + SEPARATOR + ordinal, "latin1").toString("base64url");
}

/**
 * The inverse of {@link encodeCursor}.
 * @throws ManagerError SPEC_INVALID for a text that is no cursor.
 */
export function decodeCursor(text: string): LogPosition {
  const decoded = Buffer.from(text, "base64url").toString("latin1");
  const match = PATTERN.exec(decoded);
  const { jobUid, unit, attempt, stream, timeNs, ordinal } = match?.groups ?? {};
  if (!jobUid || !unit || (stream !== "stdout" && stream !== "stderr") || !timeNs) {
    throw new ManagerError("SPEC_INVALID", `\`${text}\` is not a cursor of a log.`, {
      hint: "Use a cursor as it came with a log entry.",
    });
  }
  return {
    jobUid,
    unit,
    attempt: Number(attempt),
    stream,
    timeNs: BigInt(timeNs),
    ordinal: Number(ordinal),
  };
}

const PATTERN =
  /^1\/(?<jobUid>[\w.-]+)\/(?<unit>master|worker-\d{1,6})\/(?<attempt>\d{1,9})\/(?<stream>stdout|stderr)\/(?<timeNs>\d{1,19})\/(?<ordinal>\d{1,9})$/;

/** Gives entries of one stream their ordinals, in the order of reading. */
export class OrdinalCounter {
  #timeNs: bigint | undefined;
  #ordinal = 0;

  next(timeNs: bigint): number {
    this.#ordinal = timeNs === this.#timeNs ? this.#ordinal + 1 : 0;
    this.#timeNs = timeNs;
    return this.#ordinal;
  }
}

/**
 * Drops what was read before when a stream is read again from a place on. Once that place has been passed nothing is
 * dropped any more, also where the engine's clock has been set back.
 */
export class DoubleFilter {
  #until: LogPlace | undefined;

  /** @param until - the last entry that was read; undefined: nothing was. */
  constructor(until: LogPlace | undefined) {
    this.#until = until;
  }

  /** Whether the entry at this place is new. */
  isNew(timeNs: bigint, ordinal: number): boolean {
    const until = this.#until;
    if (!until) return true;
    if (timeNs < until.timeNs || (timeNs === until.timeNs && ordinal <= until.ordinal))
      return false;
    this.#until = undefined;
    return true;
  }
}
