/**
 * The right to act on an engine: at most one holder at a time among all processes that share a store.
 * A holder that dies loses it at once where its death can be seen, else after a time.
 */
export interface Lease {
  /** Takes or keeps the lease; false while somebody else holds it. */
  acquire(): Promise<boolean>;
  /** Whether this holder still has it, by its own clock: to be asked before every action. */
  held(): boolean;
  /** Gives it up, so that others may act at once. No error when not held. */
  release(): Promise<void>;
  /** Calls back when it may have become free. Returns the unsubscribe. */
  onFree(listener: () => void): () => void;
}
