import type { CacheChange } from "./slim-cache.ts";

/** What is kept of an object of a job. */
interface JobObject {
  readonly name: string;
  readonly jobUid: string;
}

/** The objects of one collection by their jobs, kept up to date change by change. */
export class JobObjects<Slim extends JobObject> {
  readonly #byJob = new Map<string, Map<string, Slim>>();
  readonly #jobOf = new Map<string, string>();

  constructor(all: readonly Slim[]) {
    for (const object of all) this.#put(object);
  }

  of(jobUid: string): Slim[] {
    return [...(this.#byJob.get(jobUid)?.values() ?? [])];
  }

  take({ type, object }: CacheChange<Slim>): void {
    if (type === "changed") this.#put(object);
    else this.#drop(object.name);
  }

  #put(object: Slim): void {
    const { name, jobUid } = object;
    // A name may be used again by another job.
    if ((this.#jobOf.get(name) ?? jobUid) !== jobUid) this.#drop(name);
    this.#jobOf.set(name, jobUid);
    const objects = this.#byJob.get(jobUid);
    if (objects) objects.set(name, object);
    else this.#byJob.set(jobUid, new Map([[name, object]]));
  }

  #drop(name: string): void {
    const jobUid = this.#jobOf.get(name) ?? "";
    this.#jobOf.delete(name);
    const objects = this.#byJob.get(jobUid);
    objects?.delete(name);
    if (objects?.size === 0) this.#byJob.delete(jobUid);
  }
}
