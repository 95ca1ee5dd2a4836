import type { JobRecord } from "../record/job-record.ts";

/** Records in the order of a list: by time of submit, then name. A change costs a binary search. */
export class OrderedRecords {
  readonly #records: JobRecord[] = [];

  get all(): readonly JobRecord[] {
    return this.#records;
  }

  /** Adds a record, or replaces the one of the same uid. */
  put(record: JobRecord): void {
    const index = this.#indexOf(record);
    const same = this.#records[index]?.uid === record.uid;
    this.#records.splice(index, same ? 1 : 0, record);
  }

  delete(record: JobRecord): void {
    const index = this.#indexOf(record);
    if (this.#records[index]?.uid === record.uid) this.#records.splice(index, 1);
  }

  /** Where the record is or belongs. */
  #indexOf(record: JobRecord): number {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#records[middle];
      if (other && compareRecords(other, record) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compareRecords(a: JobRecord, b: JobRecord): number {
  return a.createdAt - b.createdAt || compareText(a.name, b.name) || compareText(a.uid, b.uid);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
