import type { JobRecord } from "@juliarun/core";
import type { V1ConfigMap } from "@kubernetes/client-node";
import { fromConfigMap, isRecord } from "./record-config-map.ts";

/** Remembered at once; all of them are a few kilobytes each. */
const MAX_KNOWN = 20_000;

/** A record, and the object that it is in. */
export interface ParsedRecord {
  readonly record: JobRecord;
  /** `metadata.uid` of the ConfigMap: not the submit's. */
  readonly objectUid: string;
}

interface Known {
  readonly objectUid: string;
  readonly resourceVersion: string;
  readonly parsed: ParsedRecord | undefined;
}

/**
 * Records by their ConfigMaps' names. Lists and watches show most of them again and again, and few of them change: an unchanged
 * one is the same object as before.
 */
export class ParsedRecords {
  readonly #known = new Map<string, Known>();
  readonly #onWarning: (message: string) => void;

  constructor(onWarning: (message: string) => void) {
    this.#onWarning = onWarning;
  }

  /** Undefined for a ConfigMap that is no record or cannot be read; the latter is told, once. */
  parse(object: V1ConfigMap): ParsedRecord | undefined {
    if (!isRecord(object)) return undefined;
    const { name = "", namespace = "", uid = "", resourceVersion = "" } = object.metadata ?? {};
    const known = this.#known.get(name);
    if (known?.objectUid === uid && known.resourceVersion === resourceVersion) return known.parsed;
    const record = fromConfigMap(object);
    if (typeof record === "string") {
      this.#onWarning(
        `The record of job ${name} in namespace ${namespace} cannot be read and is left out: ${record}.`,
      );
    }
    const parsed = typeof record === "string" ? undefined : { record, objectUid: uid };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(name, { objectUid: uid, resourceVersion, parsed });
    return parsed;
  }

  /** The last one that was parsed, not necessarily the newest there is. */
  get(name: string): ParsedRecord | undefined {
    return this.#known.get(name)?.parsed;
  }

  /** Forgets that very object. */
  delete(name: string, objectUid: string): void {
    if (this.#known.get(name)?.objectUid === objectUid) this.#known.delete(name);
  }
}
