import { networkInterfaces } from "node:os";
import { ManagerError, type Endpoint, type JobRecord } from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { gatewayGroup } from "./gateway-config.ts";
import { LABEL, MANAGED } from "./labels.ts";

const LOOPBACK = "127.0.0.1";

/** See `UnitEngine.endpoint`. */
export async function findEndpoint(
  client: DockerClient,
  record: JobRecord,
  signal?: AbortSignal,
): Promise<Endpoint> {
  if (!record.plan.external && !client.local) {
    throw new ManagerError(
      "CAPABILITY_UNSUPPORTED",
      `Job ${record.name} is reachable on the engine's machine only (${client.address}).`,
      { hint: "Submit it with `external` to reach it from elsewhere." },
    );
  }
  const label = [MANAGED, `${LABEL.uid}=${record.uid}`];
  const containers = await client.call(
    "to list containers",
    async (docker) => docker.listContainers({ filters: { label } }),
    { signal },
  );
  const published = new Map(
    containers
      .flatMap(({ Ports }) => Ports)
      .filter(({ PublicPort }) => PublicPort > 0)
      .map(({ PrivatePort, PublicPort }) => [PrivatePort, PublicPort]),
  );
  const wanted = record.plan.groups.flatMap((group) => group.container.ports);
  const gateway = gatewayGroup(record.plan) !== undefined;
  const ports = wanted.flatMap(({ name, containerPort, servicePort }) => {
    const port = published.get(gateway ? servicePort : containerPort);
    return port === undefined ? [] : [[name, port] as const];
  });
  if (ports.length === 0) {
    throw new ManagerError("STATE_CONFLICT", `Job ${record.name} has no open ports now.`, {
      hint: "Wait until it runs.",
    });
  }
  const hosts = record.plan.external ? externalHosts(client) : [LOOPBACK];
  return { hosts, ports: Object.fromEntries(ports) };
}

/** See `UnitEngine.proxy`: on one machine the port itself is the way. */
export function toProxyUrl(record: JobRecord, endpoint: Endpoint, port?: string): string {
  const name = port ?? Object.keys(endpoint.ports)[0];
  const number = name === undefined ? undefined : endpoint.ports[name];
  if (number === undefined) {
    throw new ManagerError("SPEC_INVALID", `Job ${record.name} has no port ${name ?? ""}.`, {
      hint: `Its ports are: ${Object.keys(endpoint.ports).join(", ")}.`,
    });
  }
  const host = endpoint.hosts[0] ?? LOOPBACK;
  return `http://${host.includes(":") ? `[${host}]` : host}:${number}/`;
}

/** Addresses under which others reach the engine's machine. */
function externalHosts(client: DockerClient): string[] {
  if (!client.local) return client.hostname === undefined ? [] : [client.hostname];
  const addresses = Object.entries(networkInterfaces())
    // The engine's own bridges are inside.
    .filter(([name]) => !/^(docker|br-|veth|virbr|cni)/.test(name))
    .flatMap(([, all]) => all ?? [])
    .filter(({ internal, family }) => !internal && family === "IPv4")
    .map(({ address }) => address);
  return addresses.length === 0 ? [LOOPBACK] : addresses;
}
