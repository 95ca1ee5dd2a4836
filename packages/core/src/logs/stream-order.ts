import type { LogEntry } from "./log-entry.ts";

/** How late entries of one stream may come behind those of the other. */
export interface StreamDisorder {
  /** Entries of one stream that wait for the other, at most. */
  readonly entries: number;
  /** The same in nanoseconds. */
  readonly lagNs: bigint;
}

/** On a busy machine, whoever copies one stream may stand still while the other goes on at full speed. */
const DISORDER: StreamDisorder = { entries: 65_536, lagNs: 1_000_000_000n };

/** Entries taken before a queue is made shorter. */
const TAKEN = 4096;

/**
 * Puts entries of one container in order of time. Each stream is in order; the two come mixed as they were written, which is
 * a little late at most: 65,536 entries or a second where nothing else is said.
 */
export async function* orderStreams<Result>(
  batches: AsyncGenerator<readonly LogEntry[], Result>,
  disorder: StreamDisorder = DISORDER,
): AsyncGenerator<readonly LogEntry[], Result> {
  const queues = { stdout: new Queue(), stderr: new Queue() };
  try {
    for (;;) {
      const { done, value } = await batches.next();
      if (done === true) {
        const rest = take(queues, undefined);
        if (rest.length > 0) yield rest;
        return value;
      }
      for (const entry of value) queues[entry.stream].push(entry);
      const ordered = take(queues, disorder);
      if (ordered.length > 0) yield ordered;
    }
  } finally {
    await batches.return(undefined as never);
  }
}

/** What can be given out: everything at the end, else as long as both streams have something, or one is far behind. */
function take(
  queues: Record<LogEntry["stream"], Queue>,
  disorder: StreamDisorder | undefined,
): LogEntry[] {
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
    if (disorder && mayComeLate(queue, one, disorder)) break;
    queue.shift();
    ordered.push(one);
  }
  return ordered;
}

/** Whether the other stream may have something earlier to come. */
function mayComeLate(queue: Queue, first: LogEntry, { entries, lagNs }: StreamDisorder): boolean {
  return queue.length <= entries && queue.lastNs - first.timeNs < lagNs;
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
