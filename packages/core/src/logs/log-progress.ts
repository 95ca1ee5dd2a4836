import {
  cursorPrefix,
  DoubleFilter,
  OrdinalCounter,
  type LogPlace,
  type LogSource,
} from "./cursor.ts";
import type { LogEntry, LogStream } from "./log-entry.ts";
import { ReadEntry } from "./read-entry.ts";

/** Of each stream, the last entry that was read. */
export type LogPlaces = Partial<Record<LogStream, LogPlace>>;

/** What was written to one stream may show behind later output of the other, by less than this. */
const DISORDER_NS = 10_000_000_000n;

interface Track {
  readonly prefix: string;
  readonly counter: OrdinalCounter;
  readonly filter: DoubleFilter;
}

/** Whose log is read. */
export type LogOwner = Omit<LogSource, "stream"> & { readonly job: string };

/** How far a container's log was read, over any number of readings. */
export class LogProgress {
  readonly #source: LogOwner;
  readonly #sinceNs: bigint | undefined;
  readonly #places: Partial<Record<LogStream, LogPlace>>;
  #tracks: Record<LogStream, Track>;
  readonly #last: Partial<Record<LogStream, Uint8Array>> = {};
  #seenNs: bigint | undefined;
  #follows = false;

  /**
   * @param after - what the caller has read before.
   * @param sinceNs - what is earlier is not wanted.
   */
  constructor(source: LogOwner, after: LogPlaces, sinceNs: bigint | undefined) {
    this.#source = source;
    this.#places = { ...after };
    this.#sinceNs = sinceNs;
    this.#tracks = this.#newTracks();
  }

  /**
   * The log is read again from a little before where it was left.
   * @param follow - engines send lines again to followers when they begin a new log file, so nothing is taken that is not
   * later than what was read.
   * @returns the time to begin at; undefined: from the beginning.
   */
  begin(streams: readonly LogStream[], follow = false): bigint | undefined {
    this.#follows = follow;
    this.#tracks = this.#newTracks();
    const times = streams.map((stream) => this.#places[stream]?.timeNs ?? 0n);
    const read = times.reduce((a, b) => (b < a ? b : a));
    const seen = this.#seenNs === undefined ? 0n : this.#seenNs - DISORDER_NS;
    const begin = [read, seen, this.#sinceNs ?? 0n].reduce((a, b) => (b > a ? b : a));
    return begin > 0n ? begin : undefined;
  }

  /** Of each stream, the last entry that was read. */
  get places(): LogPlaces {
    return this.#places;
  }

  /** Whether anything was read since this was made. */
  get hasRead(): boolean {
    return this.#seenNs !== undefined;
  }

  /** Whether an entry is certainly one that was read, and not the last one. */
  isOld(stream: LogStream, timeNs: bigint): boolean {
    const place = this.#places[stream];
    return place !== undefined && timeNs < place.timeNs;
  }

  /** The entry of a line; undefined where it was read before or is not wanted. */
  accept(stream: LogStream, timeNs: bigint, line: Uint8Array): LogEntry | undefined {
    const track = this.#tracks[stream];
    if (this.#follows && this.#isSentAgain(stream, timeNs, line)) return undefined;
    const ordinal = track.counter.next(timeNs);
    if (this.#seenNs === undefined || timeNs > this.#seenNs) this.#seenNs = timeNs;
    if (!track.filter.isNew(timeNs, ordinal)) return undefined;
    this.#places[stream] = { timeNs, ordinal };
    this.#last[stream] = line;
    if (this.#sinceNs !== undefined && timeNs < this.#sinceNs) return undefined;
    return new ReadEntry(this.#source, stream, timeNs, line, track.prefix, ordinal);
  }

  /** Two lines at the same nanosecond are one, if they are alike: the last one is sent again too. */
  #isSentAgain(stream: LogStream, timeNs: bigint, line: Uint8Array): boolean {
    const place = this.#places[stream];
    if (place === undefined || timeNs > place.timeNs) return false;
    if (timeNs < place.timeNs) return true;
    const last = this.#last[stream];
    return last !== undefined && Buffer.compare(last, line) === 0;
  }

  #newTracks(): Record<LogStream, Track> {
    return { stdout: this.#newTrack("stdout"), stderr: this.#newTrack("stderr") };
  }

  #newTrack(stream: LogStream): Track {
    return {
      prefix: cursorPrefix({ ...this.#source, stream }),
      counter: new OrdinalCounter(),
      filter: new DoubleFilter(this.#places[stream]),
    };
  }
}
