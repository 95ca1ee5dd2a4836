import type { UnitAction } from "../reconcile/reconcile.ts";

/** What is being done: an action on a unit, or all actions on a job at once. */
export type WorkKind = UnitAction["kind"] | "apply";

/** What an actor has begun and not finished, by `unitKey()` or {@link jobKey}. */
export class WorkUnderWay {
  readonly #work = new Map<string, { readonly kind: WorkKind; readonly done: Promise<void> }>();
  /** Keys that somebody wanted meanwhile. */
  readonly #overtaken = new Set<string>();

  get size(): number {
    return this.#work.size;
  }

  has(key: string): boolean {
    return this.#work.has(key);
  }

  keys(): Set<string> {
    return new Set(this.#work.keys());
  }

  kindOf(key: string): WorkKind | undefined {
    return this.#work.get(key)?.kind;
  }

  /** Whether anything is being done to the job or to one of its units. */
  isBusy(uid: string): boolean {
    for (const key of this.#work.keys()) if (key.startsWith(jobKey(uid))) return true;
    return false;
  }

  /** The same was wanted while it was being done: it must be looked at again. */
  overtake(key: string): void {
    this.#overtaken.add(key);
  }

  /**
   * Keeps work until it has ended.
   * @param work - never rejects.
   * @param ended - told whether somebody wanted the same meanwhile.
   */
  add(
    key: string,
    kind: WorkKind,
    work: Promise<unknown>,
    ended: (overtaken: boolean) => void,
  ): void {
    this.#work.set(key, { kind, done: this.#end(key, work, ended) });
  }

  async #end(
    key: string,
    work: Promise<unknown>,
    ended: (overtaken: boolean) => void,
  ): Promise<void> {
    await work;
    this.#work.delete(key);
    ended(this.#overtaken.delete(key));
  }

  /** Resolves when all of it has ended. */
  async finish(): Promise<void> {
    await Promise.all([...this.#work.values()].map(async ({ done }) => done));
  }
}

/** Key of what is done to all units of a job at once; begins like those of its units. */
export function jobKey(uid: string): string {
  return `${uid}/`;
}
