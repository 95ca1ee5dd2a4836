import type { LogEntry } from "@juliarun/core";

/** Entries of one stream that may wait for the other, at most. */
const WINDOW = 65_536;
/** What was written to one stream may show behind later output of the other, by less than this. */
const LAG_NS = 1_000_000_000n;
/** Entries taken before a queue is made shorter. */
const TAKEN = 4096;

/**
 * Puts entries of one container in order of time. Each stream is in order; the two come mixed as they were written, which is
 * some entries late at most.
 */
export async function* orderStreams<Result>(
  batches: AsyncGenerator<readonly LogEntry[], Result>,
): AsyncGenerator<readonly LogEntry[], Result> {
  const queues = { stdout: new Queue(), stderr: new Queue() };
  try {
    for (;;) {
      const { done, value } = await batches.next();
      if (done === true) {
        const rest = take(queues, true);
        if (rest.length > 0) yield rest;
        return value;
      }
      for (const entry of value) queues[entry.stream].push(entry);
      const ordered = take(queues, false);
      if (ordered.length > 0) yield ordered;
    }
  } finally {
    await batches.return(undefined as never);
  }
}

/** What can be given out: everything at the end, else as long as both streams have something, or one is far behind. */
function take(queues: Record<LogEntry["stream"], Queue>, all: boolean): LogEntry[] {
  const { stdout, stderr } = queues;
  const ordered: LogEntry[] = [];
  for (;;) {
    const [a, b] = [stdout.first, stderr.first];
    const one = a ?? b;
    if (!one) break;
    if (a && b) {
      (b.timeNs < a.timeNs ? stderr : stdout).shift();
      ordered.push(b.timeNs < a.timeNs ? b : a);
      continue;
    }
    const queue = a ? stdout : stderr;
    if (!all && queue.length <= WINDOW && queue.lastNs - one.timeNs < LAG_NS) break;
    queue.shift();
    ordered.push(one);
  }
  return ordered;
}

/** First in, first out. */
class Queue {
  #entries: LogEntry[] = [];
  #next = 0;

  get first(): LogEntry | undefined {
    return this.#entries[this.#next];
  }

  get lastNs(): bigint {
    return this.#entries.at(-1)?.timeNs ?? 0n;
  }

  get length(): number {
    return this.#entries.length - this.#next;
  }

  push(entry: LogEntry): void {
    this.#entries.push(entry);
  }

  shift(): void {
    this.#next++;
    if (this.#next < TAKEN) return;
    this.#entries = this.#entries.slice(this.#next);
    this.#next = 0;
  }
}
