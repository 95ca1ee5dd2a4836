import type { DockerClient } from "./client.ts";
import { isObject } from "./is-object.ts";
import { readJsonLines } from "./json-lines.ts";

/** SIGKILL: the kernel's way to end what needs too much memory, and `docker kill`'s. */
export const KILLED = 137;

/** A kill is told this long before the end that it leads to, at most. */
const BEFORE_SECONDS = 5;
/** The kernel's word may come later than the end. */
const AFTER_SECONDS = 0.3;

/**
 * Whether a container that ended with {@link KILLED} did so for lack of memory. The engine's own flag misses many: the kernel's
 * word comes after the container's end, or never when its control group is removed too quickly (seen with cgroups of version 1).
 * So the engine's events of these seconds count: `oom` says it, and so does an end that nobody asked for by `kill`.
 * @param finishedAt - by the engine's clock, milliseconds since 1970.
 */
export async function killedForMemory(
  client: DockerClient,
  id: string,
  finishedAt: number,
  signal: AbortSignal = new AbortController().signal,
): Promise<boolean> {
  const query = {
    since: (finishedAt / 1000 - BEFORE_SECONDS).toFixed(3),
    until: (finishedAt / 1000 + AFTER_SECONDS).toFixed(3),
    filters: JSON.stringify({ type: ["container"], container: [id], event: EVENTS }),
  };
  const answer = await client.stream("to tell its events", "/events?", query, signal);
  const seen = new Set<unknown>();
  for await (const event of readJsonLines(answer)) if (isObject(event)) seen.add(event["Action"]);
  // The engine remembers its last 256 events: without the end itself nothing is known of what came before it.
  return seen.has("oom") || (seen.has("die") && !seen.has("kill"));
}

const EVENTS = ["oom", "kill", "die"];
