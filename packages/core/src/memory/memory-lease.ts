import type { Lease } from "../record/lease.ts";

/** The one right that all {@link MemoryLease}s of a simulated cluster compete for. */
export class MemoryLeaseTable {
  holder: MemoryLease | undefined;
  readonly listeners = new Set<() => void>();
}

/** A lease within one process; `release()` also stands for the death of a simulated process. */
export class MemoryLease implements Lease {
  readonly #table: MemoryLeaseTable;

  constructor(table: MemoryLeaseTable = new MemoryLeaseTable()) {
    this.#table = table;
  }

  async acquire(): Promise<boolean> {
    this.#table.holder ??= this;
    return this.held();
  }

  held(): boolean {
    return this.#table.holder === this;
  }

  async release(): Promise<void> {
    if (!this.held()) return;
    this.#table.holder = undefined;
    setImmediate(() => {
      for (const listener of this.#table.listeners) listener();
    });
  }

  onFree(listener: () => void): () => void {
    const own = (): void => listener();
    this.#table.listeners.add(own);
    return () => void this.#table.listeners.delete(own);
  }
}
