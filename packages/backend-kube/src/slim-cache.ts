import type { KubernetesObject } from "@kubernetes/client-node";

/** What a cache tells of one object. */
export type CacheChange<Slim> =
  | { readonly type: "changed"; readonly name: string; readonly object: Slim }
  | { readonly type: "deleted"; readonly name: string; readonly object: Slim };

/** What is kept of one object. */
export interface SlimEntry<Slim> {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: bigint;
  /** Undefined: there is such an object, and it is of no interest. */
  readonly slim: Slim | undefined;
}

/** Reduces an object to what is kept of it; undefined for one that is of no interest. */
export type Slimmer<T extends KubernetesObject, Slim> = (object: T) => Slim | undefined;

/**
 * Slim copies of the objects of one collection. Facts about an object may come late and in any order, from lists, watches and
 * the answers to own writes: the newest resourceVersion counts. Those of one resource type are numbers that grow.
 */
export class SlimCache<T extends KubernetesObject, Slim> {
  readonly #slim: Slimmer<T, Slim>;
  readonly #entries = new Map<string, SlimEntry<Slim>>();
  /** Uids of objects that are known to be gone while their last events may be still to come. */
  readonly #evicted = new Set<string>();
  /** Everything up to here has been seen. */
  #seen = 0n;

  constructor(slim: Slimmer<T, Slim>) {
    this.#slim = slim;
  }

  get(name: string): Slim | undefined {
    return this.#entries.get(name)?.slim;
  }

  values(): Slim[] {
    const slims: Slim[] = [];
    for (const { slim } of this.#entries.values()) if (slim !== undefined) slims.push(slim);
    return slims;
  }

  /** The collection's state has been seen up to this resourceVersion: what is older is no news. */
  reached(resourceVersion: string | undefined): void {
    const version = toVersion(resourceVersion);
    if (version > this.#seen) this.#seen = version;
  }

  /** An event of the watch: the object was added or modified. */
  put(object: T): CacheChange<Slim>[] {
    this.reached(object.metadata?.resourceVersion);
    return this.#write(this.toEntry(object));
  }

  /** The answer to an own write, which the watch has yet to tell, or has told already. */
  upsert(object: T): CacheChange<Slim>[] {
    return identify(object).resourceVersion <= this.#seen ? [] : this.#write(this.toEntry(object));
  }

  /** An event of the watch: the object was deleted, or no longer matches the selector. */
  drop(object: T): CacheChange<Slim>[] {
    const { name, uid, resourceVersion } = identify(object);
    this.reached(object.metadata?.resourceVersion);
    this.#evicted.delete(uid);
    const known = this.#entries.get(name);
    // An own write has made it again since.
    if (!known || known.resourceVersion > resourceVersion) return [];
    return this.#remove(name);
  }

  /** An own call has deleted this very object. */
  evict(name: string, uid: string): CacheChange<Slim>[] {
    const known = this.#entries.get(name);
    if (known?.uid !== uid) return [];
    this.#evicted.add(uid);
    return this.#remove(name);
  }

  /** What would be kept of a listed object: lets a page go before the next one comes. */
  toEntry(object: T): SlimEntry<Slim> {
    const { name, uid, resourceVersion } = identify(object);
    const known = this.#entries.get(name);
    return known?.uid === uid && known.resourceVersion === resourceVersion
      ? known
      : { name, uid, resourceVersion, slim: this.#slim(object) };
  }

  /** A new list of everything, as of that resourceVersion. */
  replaceAll(
    listed: readonly SlimEntry<Slim>[],
    resourceVersion: string | undefined,
  ): CacheChange<Slim>[] {
    this.#evicted.clear();
    const changes = listed.flatMap((entry) => this.#write(entry));
    const names = new Set(listed.map(({ name }) => name));
    this.reached(resourceVersion);
    const asOf = toVersion(resourceVersion);
    for (const [name, entry] of this.#entries) {
      // Not listed, but written by ourselves since the list was made.
      if (names.has(name) || entry.resourceVersion > asOf) continue;
      changes.push(...this.#remove(name));
    }
    return changes;
  }

  #write(entry: SlimEntry<Slim>): CacheChange<Slim>[] {
    const { name, uid, resourceVersion, slim } = entry;
    const known = this.#entries.get(name);
    if (this.#evicted.has(uid) || (known && known.resourceVersion >= resourceVersion)) return [];
    this.#entries.set(name, entry);
    if (slim !== undefined) return [{ type: "changed", name, object: slim }];
    return known?.slim === undefined ? [] : [{ type: "deleted", name, object: known.slim }];
  }

  #remove(name: string): CacheChange<Slim>[] {
    const slim = this.#entries.get(name)?.slim;
    this.#entries.delete(name);
    return slim === undefined ? [] : [{ type: "deleted", name, object: slim }];
  }
}

function identify({ metadata }: KubernetesObject): {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: bigint;
} {
  const { name = "", uid = "", resourceVersion } = metadata ?? {};
  return { name, uid, resourceVersion: toVersion(resourceVersion) };
}

/** Resource versions of one type may be compared as numbers. */
function toVersion(resourceVersion: string | undefined): bigint {
  return /^\d+$/.test(resourceVersion ?? "") ? BigInt(resourceVersion ?? 0) : 0n;
}
