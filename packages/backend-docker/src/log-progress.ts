import {
  cursorPrefix,
  DoubleFilter,
  encodeCursorOf,
  OrdinalCounter,
  unitName,
  type LogPlace,
  type LogStream,
  type ObservedUnit,
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
  readonly #unit: ObservedUnit;
  readonly #sinceNs: bigint | undefined;
  readonly #places: Partial<Record<LogStream, LogPlace>>;
  #tracks: Record<LogStream, Track>;
  #seenNs: bigint | undefined;

  /**
   * @param after - what the caller has read before.
   * @param sinceNs - what is earlier is not wanted.
   */
  constructor(unit: ObservedUnit, after: LogPlaces, sinceNs: bigint | undefined) {
    this.#unit = unit;
    this.#places = { ...after };
    this.#sinceNs = sinceNs;
    this.#tracks = this.#newTracks();
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

  /** Whether anything was read since this was made. */
  get hasRead(): boolean {
    return this.#seenNs !== undefined;
  }

  /** Whether an entry is certainly one that was read, and not the last one. */
  isOld(stream: LogStream, timeNs: bigint): boolean {
    const place = this.#places[stream];
    return place !== undefined && timeNs < place.timeNs;
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
    const { jobUid, attempt } = this.#unit;
    return {
      prefix: cursorPrefix({ jobUid, unit: unitName(this.#unit), attempt, stream }),
      counter: new OrdinalCounter(),
      filter: new DoubleFilter(this.#places[stream]),
    };
  }
}
