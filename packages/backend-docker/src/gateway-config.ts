import { isService, type JobPlan, type JobRecord, type UnitGroup } from "@juliarun/core";

/** Image of HAProxy where a plan names none. */
export const DEFAULT_GATEWAY_IMAGE = "docker.io/haproxy:lts";

const HIGHEST_ADMIN_PORT = 9999;

/** Units of one service that a gateway knows at most; one machine has not room for more. */
const MOST_UNITS = 64;

/**
 * The group of a service that is reached through a gateway: several units behind one port, also while one takes the place of the
 * other, or a service port that its container does not have. Pure.
 */
export function gatewayGroup(plan: JobPlan): UnitGroup | undefined {
  if (!isService(plan)) return undefined;
  return plan.groups.find(
    ({ role, container: { ports } }) =>
      ports.length > 0 &&
      (role === "worker" || ports.some((port) => port.containerPort !== port.servicePort)),
  );
}

/** Where a gateway listens, and at which port of the units it goes on: every service port, and container ports where free. Pure. */
export function gatewayPorts({ container: { ports } }: UnitGroup): ReadonlyMap<number, number> {
  const own = ports.map(({ containerPort }) => [containerPort, containerPort] as const);
  const served = ports.map(
    ({ servicePort, containerPort }) => [servicePort, containerPort] as const,
  );
  return new Map([...own, ...served]);
}

/** Where a gateway takes orders, from inside its container only: a port that it does not need otherwise. Pure. */
export function adminPort(group: UnitGroup): number {
  const used = gatewayPorts(group);
  let port = HIGHEST_ADMIN_PORT;
  while (used.has(port)) port--;
  return port;
}

/** The name that all units of a service behind a gateway share. */
export function unitsAlias({ name }: Pick<JobRecord, "name">): string {
  return `${name}.units`;
}

/**
 * HAProxy's configuration: passes connections on to those units that the engine's name server knows at the moment; one that does not
 * accept a connection is passed over. Pure.
 */
export function gatewayConfig(record: Pick<JobRecord, "name">, group: UnitGroup): string {
  const units = unitsAlias(record);
  const proxies = [...gatewayPorts(group)].map(([port, target]) =>
    [
      `listen port-${port}`,
      `  bind :${port}`,
      `  server-template unit 1-${MOST_UNITS} ${units}:${target} resolvers engine init-addr none`,
    ].join("\n"),
  );
  const global = `${GLOBAL}\n  stats socket ipv4@127.0.0.1:${adminPort(group)} level admin`;
  return `${[global, HEADER, ...proxies].join("\n\n")}\n`;
}

const GLOBAL = `global
  maxconn 4096`;

const HEADER = `defaults
  mode tcp
  balance roundrobin
  timeout connect 500ms
  timeout client 1h
  timeout server 1h
  retries 20
  option redispatch 1

resolvers engine
  nameserver docker 127.0.0.11:53
  timeout resolve 500ms
  timeout retry 500ms
  hold valid 500ms
  hold obsolete 0s
  hold nx 500ms`;
