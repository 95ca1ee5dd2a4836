import { Heap } from "./heap.ts";

/** Something with a time: an entry of a log. */
export interface Timed {
  /** Nanoseconds since 1970. */
  readonly timeNs: bigint;
}

/** A sorted sequence in batches that is read only when its turn has come. */
export interface MergeSource<Entry extends Timed> {
  /** No entry of it is earlier. */
  readonly notBeforeNs: bigint;
  open(): AsyncIterable<readonly Entry[]>;
}

/** Entries in one batch of the result, about. */
const BATCH = 1024;

/**
 * Merges sorted sequences by time, exactly: entries of the same time in the order of their sources. Holds one batch of each
 * open source, and opens a source only when an entry of it may be next.
 */
export async function* mergeByTime<Entry extends Timed>(
  sources: readonly MergeSource<Entry>[],
): AsyncGenerator<readonly Entry[]> {
  const waiting = sources
    .map((source, order) => new Reader(source, order))
    .toSorted((a, b) => compare(b.notBeforeNs, a.notBeforeNs));
  const heads = new Heap<Reader<Entry>>(comesBefore);
  const opened: Reader<Entry>[] = [];
  let batch: Entry[] = [];
  try {
    for (;;) {
      for (
        let due = takeDue(waiting, heads.first);
        due.length > 0;
        due = takeDue(waiting, heads.first)
      ) {
        opened.push(...due);
        const filled = await Promise.all(due.map(async (reader) => reader.fill()));
        for (const [index, reader] of due.entries()) if (filled[index]) heads.push(reader);
      }
      const reader = heads.pop();
      if (!reader) break;
      // Everything that comes before the other heads can be taken at once.
      reader.takeBefore(heads.first, waiting.at(-1)?.notBeforeNs, batch);
      if (await reader.fill()) heads.push(reader);
      if (batch.length >= BATCH) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  } finally {
    await Promise.all(opened.map(async (reader) => reader.close()));
  }
}

/** The last entries of a sequence, at most `count`, in its order. Holds about twice as many at most. */
export async function lastEntries<Entry>(
  batches: AsyncIterable<readonly Entry[]>,
  count: number,
): Promise<Entry[]> {
  let kept: Entry[] = [];
  for await (const batch of batches) {
    for (const entry of batch) kept.push(entry);
    if (kept.length > 2 * count + BATCH) kept = kept.slice(-count);
  }
  return kept.slice(-count);
}

/** A source that is being read. */
class Reader<Entry extends Timed> {
  readonly notBeforeNs: bigint;
  readonly order: number;
  readonly #source: MergeSource<Entry>;
  #iterator: AsyncIterator<readonly Entry[]> | undefined;
  #batch: readonly Entry[] = [];
  #next = 0;

  constructor(source: MergeSource<Entry>, order: number) {
    this.#source = source;
    this.notBeforeNs = source.notBeforeNs;
    this.order = order;
  }

  /** Time of the next entry. */
  get timeNs(): bigint {
    return this.#batch[this.#next]?.timeNs ?? this.notBeforeNs;
  }

  /** Makes sure that there is a next entry; false at the end. */
  async fill(): Promise<boolean> {
    this.#iterator ??= this.#source.open()[Symbol.asyncIterator]();
    while (this.#next >= this.#batch.length) {
      const { done, value } = await this.#iterator.next();
      if (done === true) {
        this.#iterator = undefined;
        return false;
      }
      this.#batch = value;
      this.#next = 0;
    }
    return true;
  }

  /** Takes the entries that come before the next one of another reader, and before the first that a later source may have. */
  takeBefore(other: Reader<Entry> | undefined, limitNs: bigint | undefined, into: Entry[]): void {
    for (let entry = this.#batch[this.#next]; entry; entry = this.#batch[++this.#next]) {
      // A source that begins at this very time may have an earlier place.
      if (limitNs !== undefined && entry.timeNs >= limitNs) return;
      if (other && !comesBefore(this, other)) return;
      into.push(entry);
    }
  }

  async close(): Promise<void> {
    await this.#iterator?.return?.();
  }
}

function takeDue<Entry extends Timed>(
  waiting: Reader<Entry>[],
  first: Reader<Entry> | undefined,
): Reader<Entry>[] {
  const limitNs = first?.timeNs ?? waiting.at(-1)?.notBeforeNs ?? 0n;
  const due: Reader<Entry>[] = [];
  for (let next = waiting.at(-1); next; next = waiting.at(-1)) {
    if (next.notBeforeNs > limitNs) break;
    waiting.pop();
    due.push(next);
  }
  return due;
}

function comesBefore(a: Reader<Timed>, b: Reader<Timed>): boolean {
  const [left, right] = [a.timeNs, b.timeNs];
  return left === right ? a.order < b.order : left < right;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
