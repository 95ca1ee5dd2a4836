/** What a {@link Recorder} needs of the case that it works for. */
export interface RecorderContext {
  /** Aborted when the case is over. */
  readonly signal: AbortSignal;
  soon<Value>(description: string, promise: Promise<Value>): Promise<Value>;
}

/** Reads a stream that may not end by itself, keeps what came, and lets a case wait for something in it. */
export class Recorder<Item> {
  readonly items: Item[] = [];
  /** Settles when the stream ends. */
  readonly ended: Promise<void>;
  readonly #context: RecorderContext;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();

  /** @param open - opens the stream, which ends when the signal aborts. */
  constructor(open: (signal: AbortSignal) => AsyncIterable<Item>, context: RecorderContext) {
    this.#context = context;
    this.ended = this.#read(open);
    // Who is interested in a failure awaits `ended`.
    this.ended.catch(() => undefined);
  }

  /** Waits until what came so far is as described. */
  async until(description: string, condition: (recorder: this) => boolean): Promise<void> {
    const seen = (async () => {
      while (!condition(this)) await Promise.race([this.#next(), this.#endedBefore(condition)]);
    })();
    await this.#context.soon(`${description}; so far: ${this.summary()}`, seen);
  }

  /** Waits for the end that comes by itself. */
  async end(): Promise<void> {
    await this.#context.soon("the end of the stream", this.ended);
  }

  /** Aborts the stream and waits for its end. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#context.soon("the end of the aborted stream", this.ended);
  }

  /** What came so far, for messages. */
  protected summary(): string {
    return `${this.items.length} items`;
  }

  async #next(): Promise<void> {
    await new Promise<void>((resolve) => this.#waiting.add(resolve));
  }

  async #endedBefore(condition: (recorder: this) => boolean): Promise<void> {
    await this.ended;
    if (!condition(this)) throw new Error(`the stream ended too early, after ${this.summary()}`);
  }

  async #read(open: (signal: AbortSignal) => AsyncIterable<Item>): Promise<void> {
    for await (const item of open(AbortSignal.any([this.#stop.signal, this.#context.signal]))) {
      this.items.push(item);
      for (const wake of this.#waiting) wake();
      this.#waiting.clear();
    }
  }
}
