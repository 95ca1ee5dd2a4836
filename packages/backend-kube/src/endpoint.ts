import { ManagerError, type Endpoint, type JobRecord, type ServicePort } from "@juliarun/core";
import type { V1Node, V1Service } from "@kubernetes/client-node";
import { isManagerError } from "@juliarun/core";
import type { KubeClient } from "./client.ts";
import { externalServiceName, serviceName } from "./manifests/names.ts";

/**
 * Where a job's ports can be reached: the load balancer, the nodes at their node ports, or for a job that is not `external`
 * its name inside the cluster.
 * @throws ManagerError STATE_CONFLICT while the cluster has given it no address.
 */
export async function findEndpoint(
  client: KubeClient,
  record: JobRecord,
  signal?: AbortSignal,
): Promise<Endpoint> {
  const name = record.plan.external ? externalServiceName(record) : serviceName(record);
  const service = await client.find<V1Service>(client.path("services", name), { signal });
  if (!service) throw notYet(record, "its Service is not there");
  const ports = portsOf(record);
  switch (service.spec?.type) {
    case "LoadBalancer":
      return { hosts: balancerHosts(record, service), ports: numbers(ports, toServicePort) };
    case "NodePort":
      return {
        hosts: await nodeHosts(client, record, signal),
        ports: numbers(ports, (port) => nodePort(service, port)),
      };
    default:
      return {
        hosts: [`${name}.${client.namespace}.svc`],
        ports: numbers(ports, toServicePort),
      };
  }
}

/** A port of the job as the API server passes it on, for who has the right to `get services/proxy`. */
export function toProxyUrl(client: KubeClient, record: JobRecord, port?: string): string {
  const ports = portsOf(record);
  const found = port === undefined ? ports[0] : ports.find(({ name }) => name === port);
  if (!found) {
    throw new ManagerError("SPEC_INVALID", `Job ${record.name} has no port ${port ?? ""}.`, {
      hint: `Its ports are: ${ports.map(({ name }) => name).join(", ")}.`,
    });
  }
  const { origin, pathname } = new URL(client.address);
  const name = `${serviceName(record)}:${found.servicePort}`;
  return `${origin}${pathname.replace(/\/$/, "")}${client.path("services", name, "proxy")}/`;
}

function portsOf({ plan }: JobRecord): readonly ServicePort[] {
  return plan.groups.find(({ container }) => container.ports.length > 0)?.container.ports ?? [];
}

function numbers(
  ports: readonly ServicePort[],
  numberOf: (port: ServicePort) => number | undefined,
): Record<string, number> {
  return Object.fromEntries(
    ports.flatMap((port) => {
      const number = numberOf(port);
      return number === undefined ? [] : [[port.name, number]];
    }),
  );
}

function toServicePort({ servicePort }: ServicePort): number {
  return servicePort;
}

function nodePort({ spec }: V1Service, { name }: ServicePort): number | undefined {
  return spec?.ports?.find((port) => port.name === name)?.nodePort;
}

function balancerHosts(record: JobRecord, { status }: V1Service): string[] {
  const hosts = (status?.loadBalancer?.ingress ?? []).flatMap(
    ({ ip, hostname }) => hostname ?? ip ?? [],
  );
  if (hosts.length === 0) throw notYet(record, "the cluster has given it no load balancer");
  return hosts;
}

/** Addresses from outside where nodes have such, else their own. */
async function nodeHosts(
  client: KubeClient,
  record: JobRecord,
  signal?: AbortSignal,
): Promise<string[]> {
  const nodes: V1Node[] = [];
  try {
    for await (const { items } of client.pages<V1Node>("/api/v1/nodes", { signal }))
      nodes.push(...items);
  } catch (error) {
    if (!isManagerError(error, "FORBIDDEN")) throw error;
    throw new ManagerError(
      "FORBIDDEN",
      `The endpoint of job ${record.name} is at the nodes' addresses, and these may not be seen.`,
      { hint: "Ask for the right to list nodes, or use `externalsvc` LoadBalancer.", cause: error },
    );
  }
  const addresses = nodes.flatMap(({ status }) => status?.addresses ?? []);
  const of = (type: string): string[] =>
    addresses.filter((each) => each.type === type).map(({ address }) => address);
  const external = of("ExternalIP");
  return external.length > 0 ? external : of("InternalIP");
}

function notYet({ name }: JobRecord, why: string): ManagerError {
  return new ManagerError("STATE_CONFLICT", `Job ${name} has no endpoint now: ${why}.`, {
    hint: "Wait until it has, and ask again.",
  });
}
