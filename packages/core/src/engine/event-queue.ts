import { Bell } from "./bell.ts";

/** Values from callbacks as an async iterable; ends when the signal aborts. For one reader. */
export class EventQueue<Value> implements AsyncIterable<Value> {
  #values: Value[] = [];
  readonly #signal: AbortSignal;
  readonly #bell: Bell;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    this.#bell = new Bell(signal);
  }

  push(value: Value): void {
    this.#values.push(value);
    this.#bell.ring();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Value> {
    while (!this.#signal.aborted) {
      this.#bell.reset();
      const values = this.#values;
      this.#values = [];
      yield* values;
      await this.#bell.wait();
    }
  }
}
