/** Hands items of several givers to one taker; a giver waits until its item was taken, so nothing piles up. */
export class Handover<Item> {
  readonly #offers: { readonly item: Item; readonly taken: () => void }[] = [];
  #wake: (() => void) | undefined;
  #end: { readonly error?: unknown } | undefined;

  /** Resolves when the item was taken, or nobody takes any more. */
  async give(item: Item): Promise<void> {
    if (this.#end) return;
    await new Promise<void>((taken) => {
      this.#offers.push({ item, taken });
      this.#wake?.();
    });
  }

  /** Nothing more comes, and nobody waits any more. The first end counts. */
  end(): void {
    this.#finish({});
  }

  /** The taker gets this error. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  async *take(): AsyncGenerator<Item> {
    for (;;) {
      const offer = this.#offers.shift();
      if (offer) {
        try {
          yield offer.item;
        } finally {
          // Also when the taker leaves.
          offer.taken();
        }
      } else if (this.#end) {
        if ("error" in this.#end) throw this.#end.error;
        return;
      } else {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    }
  }

  #finish(end: { readonly error?: unknown }): void {
    if (this.#end) return;
    this.#end = end;
    for (const { taken } of this.#offers.splice(0)) taken();
    this.#wake?.();
  }
}
