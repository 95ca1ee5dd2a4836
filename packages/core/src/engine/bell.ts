import { delay } from "./delay.ts";

/** Wakes one waiter; a ring while nobody waits is remembered. The signal's abort rings too. */
export class Bell {
  #rung = false;
  #answer: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => this.ring(), { once: true });
  }

  ring(): void {
    this.#rung = true;
    this.#answer?.();
  }

  reset(): void {
    this.#rung = false;
  }

  async wait(): Promise<void> {
    if (this.#rung) return;
    await new Promise<void>((resolve) => (this.#answer = resolve));
    this.#answer = undefined;
  }

  /** Waits for a ring, or for so many milliseconds; then it is reset. */
  async waitAtMost(ms: number): Promise<void> {
    const timer = new AbortController();
    await Promise.race([this.wait(), delay(ms, timer.signal)]);
    timer.abort();
    this.reset();
  }
}
