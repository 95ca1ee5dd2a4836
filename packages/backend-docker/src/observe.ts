import type { ObservedUnit } from "@juliarun/core";
import type Dockerode from "dockerode";
import pLimit from "p-limit";
import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";
import { LABEL, MANAGED } from "./labels.ts";
import { fromListed, withDetails, type ListedUnit } from "./status.ts";

/** Calls under way at once. */
const CONCURRENCY = 16;

/** Which containers to list. */
export interface UnitFilter {
  readonly namespace?: string;
  readonly jobUid?: string;
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
    async (docker) => docker.listContainers({ all: true, filters: { label } }),
    { signal },
  );
  return containers.flatMap((container) => fromListed(container) ?? []);
}

/** See `UnitEngine.observe`. */
export async function observeUnits(
  client: DockerClient,
  detailed: (unit: ObservedUnit) => boolean,
  signal?: AbortSignal,
): Promise<ObservedUnit[]> {
  const listed = await listUnits(client, {}, signal);
  const limit = pLimit(CONCURRENCY);
  const units = await Promise.all(
    listed.map(async ({ unit }) =>
      detailed(unit) ? limit(async () => lookAt(client, unit, signal)) : unit,
    ),
  );
  return units.filter((unit) => unit !== undefined);
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
