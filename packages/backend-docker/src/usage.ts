import type { ObservedUnit, UnitUsage } from "@juliarun/core";
import { unitName } from "@juliarun/core";
import pLimit from "p-limit";
import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";
import { isObject } from "./is-object.ts";

/** Calls under way at once. */
const CONCURRENCY = 16;
/** A sample older than this is no base for an average. */
const SAMPLE_MAX_AGE_MS = 120_000;
/** Time between two samples where there is no earlier one. */
const SAMPLE_MS = 1000;

/** Use of one unit; the job is known by its uid. */
export type JobUnitUsage = Omit<UnitUsage, "job"> & { readonly jobUid: string };

/** One reading of a container's counters. */
export interface UsageSample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** CPU time used since the container started, nanoseconds. */
  readonly cpuNs: number;
  readonly memoryBytes: number;
}

/** Measures containers: CPU is the average since the last call of this process, or over a second at the first. */
export class UsageMeter {
  readonly #client: DockerClient;
  readonly #samples = new Map<string, UsageSample>();

  constructor(client: DockerClient) {
    this.#client = client;
  }

  /** Containers that are gone or have ended by now are left out. */
  async measure(units: readonly ObservedUnit[], signal?: AbortSignal): Promise<JobUnitUsage[]> {
    const limit = pLimit(CONCURRENCY);
    const fresh = units.filter(({ engineId }) => !this.#recent(engineId));
    if (fresh.length > 0) {
      const read = async ({ engineId }: ObservedUnit): Promise<void> =>
        void (await this.#sample(engineId, signal));
      await Promise.all(fresh.map((unit) => limit(() => read(unit))));
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
    const measured = await Promise.all(
      units.map((unit) => limit(async () => this.#measureOne(unit, signal))),
    );
    const present = new Set(units.map(({ engineId }) => engineId));
    for (const id of this.#samples.keys()) if (!present.has(id)) this.#samples.delete(id);
    return measured.filter((usage) => usage !== undefined);
  }

  async #measureOne(unit: ObservedUnit, signal?: AbortSignal): Promise<JobUnitUsage | undefined> {
    const before = this.#samples.get(unit.engineId);
    const now = await this.#sample(unit.engineId, signal);
    if (!before || !now || now.at <= before.at) return undefined;
    // A restarted container counts from 0 again.
    const usedNs = now.cpuNs >= before.cpuNs ? now.cpuNs - before.cpuNs : now.cpuNs;
    return {
      jobUid: unit.jobUid,
      unit: unitName(unit),
      cpuMillis: Math.round(usedNs / ((now.at - before.at) * 1000)),
      memoryBytes: now.memoryBytes,
      at: now.at,
    };
  }

  #recent(id: string): boolean {
    const sample = this.#samples.get(id);
    return sample !== undefined && Date.now() - sample.at < SAMPLE_MAX_AGE_MS;
  }

  async #sample(id: string, signal?: AbortSignal): Promise<UsageSample | undefined> {
    try {
      const stats: unknown = await this.#client.call(
        "to measure a container",
        async (docker) => docker.getContainer(id).stats({ stream: false, "one-shot": true }),
        { signal },
      );
      const sample = toUsageSample(stats);
      if (sample) this.#samples.set(id, sample);
      return sample;
    } catch (error) {
      if (engineStatus(error) === 404 || engineStatus(error) === 409) return undefined;
      throw error;
    }
  }
}

/** Reads one answer of the engine; undefined for a container that does not run. Memory is without file cache that can be dropped. Pure. */
export function toUsageSample(stats: unknown): UsageSample | undefined {
  if (!isObject(stats) || !isObject(stats["cpu_stats"]) || !isObject(stats["memory_stats"])) {
    return undefined;
  }
  const { cpu_stats: cpu, memory_stats: memory } = stats;
  const at = Date.parse(String(stats["read"]));
  const cpuUsage = isObject(cpu["cpu_usage"]) ? cpu["cpu_usage"]["total_usage"] : undefined;
  const used = memory["usage"];
  if (!(at > 0) || typeof cpuUsage !== "number" || typeof used !== "number") return undefined;
  const details = isObject(memory["stats"]) ? memory["stats"] : {};
  // cgroups version 1 and 2 name it differently.
  const cache = details["total_inactive_file"] ?? details["inactive_file"];
  const dropped = typeof cache === "number" && cache < used ? cache : 0;
  return { at, cpuNs: cpuUsage, memoryBytes: used - dropped };
}
