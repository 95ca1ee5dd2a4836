import type { EndedOf, ObservedUnit } from "@juliarun/core";
import type Dockerode from "dockerode";
import pLimit from "p-limit";
import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";
import { LABEL, MANAGED } from "./labels.ts";
import { KILLED, killedForMemory } from "./memory-kill.ts";
import { fromListed, withDetails, type ListedUnit } from "./status.ts";

/** Calls under way at once. */
const CONCURRENCY = 16;

/** The states of a container that has not ended. */
const LIVING = ["created", "restarting", "running", "paused"];
/** The engine goes through all containers for each listing; from here on one listing of all is faster. */
const FEW_JOBS = 4;

/** Which containers to list. */
export interface UnitFilter {
  readonly namespace?: string;
  readonly jobUid?: string;
  /** In the engine's words; all where absent. */
  readonly states?: readonly string[];
}

/** Our containers, running or not, by one call. */
export async function listUnits(
  client: DockerClient,
  filter: UnitFilter = {},
  signal?: AbortSignal,
): Promise<ListedUnit[]> {
  const label = [
    MANAGED,
    ...(filter.namespace === undefined ? [] : [`${LABEL.namespace}=${filter.namespace}`]),
    ...(filter.jobUid === undefined ? [] : [`${LABEL.uid}=${filter.jobUid}`]),
  ];
  const containers = await client.call(
    "to list containers",
    async (docker) =>
      docker.listContainers({
        all: true,
        filters: { label, ...(filter.states ? { status: [...filter.states] } : {}) },
      }),
    { signal },
  );
  return containers.flatMap((container) => fromListed(container) ?? []);
}

/** See `UnitEngine.observe`. */
export async function observeUnits(
  client: DockerClient,
  detailed: (unit: ObservedUnit) => boolean,
  signal?: AbortSignal,
  endedOf?: EndedOf,
): Promise<ObservedUnit[]> {
  const listed = await listWanted(client, endedOf, signal);
  const limit = pLimit(CONCURRENCY);
  const units = await Promise.all(
    listed.map(async ({ unit }) =>
      detailed(unit) ? limit(async () => lookAt(client, unit, signal)) : unit,
    ),
  );
  return units.filter((unit) => unit !== undefined);
}

/** Listing one costs the engine and us 0.1 ms, so ended ones are left out as far as nobody asks for them. */
async function listWanted(
  client: DockerClient,
  endedOf: EndedOf | undefined,
  signal?: AbortSignal,
): Promise<ListedUnit[]> {
  if (!endedOf) return listUnits(client, {}, signal);
  const living = await listUnits(client, { states: LIVING }, signal);
  const jobs = endedOf(living.map(({ unit }) => unit));
  if (jobs.size === 0) return living;
  const filters = jobs.size > FEW_JOBS ? [{}] : [...jobs].map((jobUid) => ({ jobUid }));
  const later = await Promise.all(filters.map(async (filter) => listUnits(client, filter, signal)));
  // What was seen twice may have ended in between.
  return [
    ...new Map([...living, ...later.flat()].map((each) => [each.unit.engineId, each])).values(),
  ];
}

/** Undefined when the container is gone by now. */
async function lookAt(
  client: DockerClient,
  unit: ObservedUnit,
  signal?: AbortSignal,
): Promise<ObservedUnit | undefined> {
  let inspected: Dockerode.ContainerInspectInfo;
  try {
    inspected = await client.call(
      "to look at a container",
      async (docker) => docker.getContainer(unit.engineId).inspect(),
      { signal },
    );
  } catch (error) {
    if (engineStatus(error) === 404) return undefined;
    throw error;
  }
  const seen = withDetails(unit, inspected);
  if (seen.exitCode === KILLED && seen.outOfMemory !== true && seen.finishedAt !== undefined) {
    const outOfMemory = await killedForMemory(client, unit.engineId, seen.finishedAt, signal);
    return { ...seen, outOfMemory };
  }
  if (seen.error === undefined) return seen;
  return (await portTaken(client, inspected, signal))
    ? { ...seen, errorReason: "PortTaken" }
    : seen;
}

/** Whether another container has a host port that this one asked for. */
async function portTaken(
  client: DockerClient,
  { Id, HostConfig }: Dockerode.ContainerInspectInfo,
  signal?: AbortSignal,
): Promise<boolean> {
  const bindings = Object.values(
    (HostConfig.PortBindings ?? {}) as Record<string, { HostPort: string }[] | null>,
  );
  const ports = bindings.flatMap((each) => each ?? []).flatMap(({ HostPort }) => HostPort || []);
  if (ports.length === 0) return false;
  const running = await client.call(
    "to list containers",
    async (docker) => docker.listContainers({ filters: { status: ["running"] } }),
    { signal },
  );
  return running.some(
    (other) =>
      other.Id !== Id && other.Ports.some(({ PublicPort }) => ports.includes(String(PublicPort))),
  );
}
