import {
  cursorPrefix,
  DoubleFilter,
  encodeCursorOf,
  OrdinalCounter,
  type LogPlace,
  type LogSource,
  type LogStream,
} from "@juliarun/core";

/** Of each stream, the last entry that was read. */
export type LogPlaces = Partial<Record<LogStream, LogPlace>>;

/** What was written to one stream may show behind later output of the other, by less than this. */
const DISORDER_NS = 10_000_000_000n;

interface Track {
  readonly prefix: string;
  readonly counter: OrdinalCounter;
  readonly filter: DoubleFilter;
}

/** How far a container's log was read, over any number of readings. */
export class LogProgress {
  readonly #source: Omit<LogSource, "stream">;
  readonly #sinceNs: bigint | undefined;
  readonly #places: Partial<Record<LogStream, LogPlace>>;
  #tracks: Record<LogStream, Track>;
  #seenNs: bigint | undefined;

  /**
   * @param after - what the caller has read before.
   * @param sinceNs - what is earlier is not wanted.
   */
  constructor(source: Omit<LogSource, "stream">, after: LogPlaces, sinceNs: bigint | undefined) {
    this.#source = source;
    this.#places = { ...after };
    this.#sinceNs = sinceNs;
    this.#tracks = this.#newTracks();
  }

  /** Of each stream, the last entry that was read. */
  get places(): LogPlaces {
    return this.#places;
  }

  /**
   * The log is read again from a little before where it was left.
   * @returns the time to begin at; undefined: from the beginning.
   */
  begin(streams: readonly LogStream[]): bigint | undefined {
    this.#tracks = this.#newTracks();
    const times = streams.map((stream) => this.#places[stream]?.timeNs ?? 0n);
    const read = times.reduce((a, b) => (b < a ? b : a));
    const seen = this.#seenNs === undefined ? 0n : this.#seenNs - DISORDER_NS;
    const begin = [read, seen, this.#sinceNs ?? 0n].reduce((a, b) => (b > a ? b : a));
    return begin > 0n ? begin : undefined;
  }

  /** The entry's cursor; undefined where it was read before or is not wanted. */
  accept(stream: LogStream, timeNs: bigint): string | undefined {
    const track = this.#tracks[stream];
    const ordinal = track.counter.next(timeNs);
    if (this.#seenNs === undefined || timeNs > this.#seenNs) this.#seenNs = timeNs;
    if (!track.filter.isNew(timeNs, ordinal)) return undefined;
    this.#places[stream] = { timeNs, ordinal };
    if (this.#sinceNs !== undefined && timeNs < this.#sinceNs) return undefined;
    return encodeCursorOf(track.prefix, timeNs, ordinal);
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
