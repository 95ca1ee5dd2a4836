/** Calls back once at the earliest of the times it was given. */
export class WakeTimer {
  readonly #now: () => number;
  readonly #wake: () => void;
  #at: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param now - milliseconds since 1970. */
  constructor(now: () => number, wake: () => void) {
    this.#now = now;
    this.#wake = wake;
  }

  /** @param at - milliseconds since 1970; ignored when an earlier time is set already. */
  set(at: number): void {
    if (this.#at !== undefined && this.#at <= at) return;
    this.clear();
    this.#at = at;
    // Node takes longer times than this for 1 ms.
    const ms = Math.min(Math.max(0, at - this.#now()), 2 ** 31 - 1);
    this.#timer = setTimeout(() => {
      this.clear();
      this.#wake();
    }, ms);
    // Waiting for a time alone must not keep a process alive.
    this.#timer.unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#at = undefined;
  }
}
