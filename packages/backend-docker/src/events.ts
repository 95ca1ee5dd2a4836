import type { EngineEvent } from "@juliarun/core";
import { setTimeout as delay } from "node:timers/promises";
import { toManagerError } from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { isObject } from "./is-object.ts";
import { readJsonLines } from "./json-lines.ts";
import { LABEL, MANAGED } from "./labels.ts";

/** What happens to containers and matters to jobs. */
const EVENTS = [
  "create",
  "start",
  "die",
  "oom",
  "destroy",
  "rename",
  "pause",
  "unpause",
  "health_status",
];
const PAUSE_MS = { first: 100, last: 5000 };
/** A connection can hang without an end: the engine is asked so often whether it is there. */
const HEARTBEAT_MS = 30_000;
const HEARTBEAT_TIMEOUT_MS = 10_000;

/** See `UnitEngine.events`; `changed` also tells the container, for readers of logs. */
export type ContainerEvent = Exclude<EngineEvent, { type: "changed" }> | ContainerChange;

type ContainerChange = Extract<EngineEvent, { type: "changed" }> & {
  readonly containerId: string;
  readonly action: string;
  /** By the engine's clock, milliseconds since 1970. */
  readonly time?: number;
};

/** Follows the engine's events; reconnects by itself with growing pauses. Ends when the signal aborts. */
export async function* followEvents(
  client: DockerClient,
  signal: AbortSignal,
): AsyncGenerator<ContainerEvent> {
  let pauseMs = PAUSE_MS.first;
  while (!signal.aborted) {
    const connection = new AbortController();
    const stop = (): void => connection.abort();
    signal.addEventListener("abort", stop, { once: true });
    const heartbeat = beat(client, connection);
    try {
      const stream = await open(client, connection.signal);
      pauseMs = PAUSE_MS.first;
      yield { type: "connected" };
      for await (const message of readJsonLines(stream)) {
        const event = toEvent(message);
        if (!event) continue;
        if (event.action === "die") await settled(client, event.containerId, connection.signal);
        yield event;
      }
      yield* disconnected(signal, "the engine ended the event stream");
    } catch (error) {
      yield* disconnected(signal, toManagerError(error).message);
    } finally {
      connection.abort();
      signal.removeEventListener("abort", stop);
      await heartbeat;
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, PAUSE_MS.last);
  }
}

function* disconnected(signal: AbortSignal, message: string): Generator<ContainerEvent> {
  if (!signal.aborted) yield { type: "disconnected", message };
}

async function open(
  client: DockerClient,
  signal: AbortSignal,
): Promise<AsyncIterable<string | Uint8Array>> {
  return client.call(
    "to tell its events",
    async (docker) =>
      docker.getEvents({
        filters: { type: ["container"], label: [MANAGED], event: EVENTS },
        abortSignal: signal,
      }),
    { signal },
  );
}

/**
 * The engine tells of an end before its list of containers shows it. It holds the container until then, so whoever looks at
 * that one container waits just long enough.
 */
async function settled(client: DockerClient, id: string, signal: AbortSignal): Promise<void> {
  await client
    .call("to look at a container", async (docker) => docker.getContainer(id).inspect(), { signal })
    // Gone, or the engine is: both are told by other events.
    .catch(() => undefined);
}

/** Breaks the connection off when the engine does not answer any more. */
async function beat(client: DockerClient, connection: AbortController): Promise<void> {
  const { signal } = connection;
  while (!signal.aborted) {
    await delay(HEARTBEAT_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const options = { signal, timeoutMs: HEARTBEAT_TIMEOUT_MS };
      await client.call("to answer", async (docker) => docker.ping() as Promise<unknown>, options);
    } catch {
      connection.abort();
    }
  }
}

function toEvent(message: Readonly<Record<string, unknown>>): ContainerChange | undefined {
  const actor = message["Actor"];
  if (!isObject(actor) || !isObject(actor["Attributes"])) return undefined;
  const [jobUid, containerId] = [actor["Attributes"][LABEL.uid], actor["ID"]];
  if (typeof jobUid !== "string" || typeof containerId !== "string") return undefined;
  const nanoseconds = message["timeNano"];
  return {
    type: "changed",
    jobUid,
    containerId,
    action: String(message["Action"]),
    ...(typeof nanoseconds === "number" ? { time: Math.floor(nanoseconds / 1e6) } : {}),
  };
}
