const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** When a thing that failed may be tried again: after pauses that double. */
export class Backoff {
  readonly #now: () => number;
  readonly #failures = new Map<string, { readonly count: number; readonly notBefore: number }>();

  /** @param now - milliseconds since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts a failure; returns when to try again. */
  failed(key: string): number {
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const notBefore = this.#now() + Math.min(LONGEST_MS, FIRST_MS * 2 ** (count - 1));
    this.#failures.set(key, { count, notBefore });
    return notBefore;
  }

  succeeded(key: string): void {
    this.#failures.delete(key);
  }

  /** The time to wait for, or undefined when it may be tried now. */
  notBefore(key: string): number | undefined {
    const failure = this.#failures.get(key);
    return failure && failure.notBefore > this.#now() ? failure.notBefore : undefined;
  }
}
