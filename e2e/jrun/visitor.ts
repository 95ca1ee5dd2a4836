import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 10_000;
const PAUSE_MS = 5;

/** Asks an HTTP server again and again, each time by a new connection, and keeps what it said. */
export class Visitor implements AsyncDisposable {
  /** Answers that came, by their text. */
  readonly answers = new Map<string, number>();
  /** What went wrong. */
  readonly failures: string[] = [];
  readonly #url: string;
  readonly #end = new AbortController();
  readonly #visits: Promise<void>;

  constructor(url: string) {
    this.#url = url;
    this.#visits = this.#visitAll();
  }

  /** Answers so far. */
  get count(): number {
    return [...this.answers.values()].reduce((sum, each) => sum + each, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#visits;
  }

  async #visitAll(): Promise<void> {
    while (!this.#end.signal.aborted) {
      await this.#visit();
      await sleep(PAUSE_MS);
    }
  }

  async #visit(): Promise<void> {
    try {
      const response = await fetch(this.#url, {
        headers: { connection: "close" },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const text = (await response.text()).trim();
      if (response.ok) this.answers.set(text, (this.answers.get(text) ?? 0) + 1);
      else this.failures.push(`${response.status} ${text}`);
    } catch (error) {
      const { cause, message } = error as Error;
      this.failures.push(cause instanceof Error ? cause.message : message);
    }
  }
}
