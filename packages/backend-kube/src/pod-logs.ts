import type { V1Pod } from "@kubernetes/client-node";
import { isManagerError } from "@juliarun/core";
import { setTimeout as delay } from "node:timers/promises";
import { finished } from "node:stream/promises";
import type { KubeClient } from "./client.ts";
import { isNotFound, statusOf, toManagerError } from "./errors.ts";
import { toSinceTime } from "./log-time.ts";
import { COMPONENT, CONTAINER, LABEL, selector } from "./manifests/labels.ts";
import { toLogPod, type LogPod } from "./pod-run.ts";

/** Which part of a container's log. */
export interface PodLogQuery {
  /** Go on until the container ends. */
  readonly follow: boolean;
  /** Nanoseconds since 1970; what is of the same second before it comes too. */
  readonly sinceNs?: bigint | undefined;
  /** The container before the newest one. */
  readonly previous: boolean;
  /** Only so many of the runtime's messages from the end. */
  readonly tailLines?: number | undefined;
}

/** Where pods' logs are read from. */
export interface PodLogSource {
  /** Pods with these labels besides those of every unit. */
  pods(labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<LogPod[]>;
  /** A container's log with a timestamp before every line. Nothing where the container is gone or has no log yet. */
  open(pod: LogPod, query: PodLogQuery, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Calls back soon after any change of units' pods; missed ones are allowed, rarely. Returns the unsubscribe. */
  onPodChange(listener: () => void): () => void;
}

const UNITS = { [LABEL.component]: COMPONENT.unit };
const WATCH_SECONDS = 300;
const PAUSE_MS = 1000;

/** Pods' logs by the API server. */
export class KubePodLogs implements PodLogSource {
  readonly #client: KubeClient;

  constructor(client: KubeClient) {
    this.#client = client;
  }

  async pods(labels: Readonly<Record<string, string>>, signal: AbortSignal): Promise<LogPod[]> {
    const query = { labelSelector: selector({ ...UNITS, ...labels }) };
    const pods: LogPod[] = [];
    for await (const page of this.#client.pages<V1Pod>(this.#client.path("pods"), {
      query,
      signal,
    })) {
      for (const item of page.items) {
        const pod = toLogPod(item);
        if (pod) pods.push(pod);
      }
    }
    return pods;
  }

  async *open(
    pod: LogPod,
    { follow, sinceNs, previous, tailLines }: PodLogQuery,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const query = {
      container: CONTAINER,
      timestamps: true,
      follow,
      previous,
      tailLines,
      sinceTime: sinceNs === undefined ? undefined : toSinceTime(sinceNs),
    };
    // A reader that leaves early closes the connection.
    const left = new AbortController();
    const ended = AbortSignal.any([signal, left.signal]);
    try {
      const path = this.#client.path("pods", pod.name, "log");
      for await (const chunk of await this.#client.stream(path, query, ended)) {
        if (chunk instanceof Uint8Array) yield chunk;
      }
    } catch (error) {
      // No such pod or container, or one that has not started.
      if (signal.aborted || isNotFound(error) || statusOf(error) === 400) return;
      const doing = { verb: "get", resource: "pods/log", name: pod.name };
      throw toManagerError(error, doing, this.#client.address);
    } finally {
      left.abort();
    }
  }

  onPodChange(listener: () => void): () => void {
    const ended = new AbortController();
    void this.#watch(listener, ended.signal);
    return () => ended.abort();
  }

  async #watch(listener: () => void, signal: AbortSignal): Promise<void> {
    const query = {
      watch: true,
      labelSelector: selector(UNITS),
      timeoutSeconds: WATCH_SECONDS,
    };
    while (!signal.aborted) {
      try {
        const path = this.#client.path("pods");
        const events = await this.#client.stream(path, query, signal);
        await finished(events.on("data", listener));
      } catch (error) {
        if (signal.aborted || (isManagerError(error) && !error.retryable)) return;
      }
      // Something may have changed in the gap.
      listener();
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
