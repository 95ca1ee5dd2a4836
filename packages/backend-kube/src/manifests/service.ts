import {
  MASTER_PORT,
  ManagerError,
  type JobPlan,
  type JobRecord,
  type ServicePort,
  type UnitGroup,
} from "@juliarun/core";
import type { V1Service, V1ServicePort } from "@kubernetes/client-node";
import { partMetadata, podSelector } from "./job-metadata.ts";
import { isLinked } from "./linked.ts";
import type { ManifestSetting } from "./manifest-setting.ts";
import { externalServiceName, serviceName } from "./names.ts";

/** Name of the port at which workers reach their master. */
const MASTER_PORT_NAME = "jrun-master";

/**
 * The Service that gives a job its name inside the cluster; undefined where nobody needs it: no ports, and no workers beside
 * a master. Without ports it is headless, so that the name is the master's address.
 * @throws ManagerError SPEC_INVALID when a port of the user's takes the place of the master's.
 */
export function toService(
  record: JobRecord,
  { owner }: Pick<ManifestSetting, "owner">,
): V1Service | undefined {
  const group = servedGroup(record.plan);
  if (!group) return undefined;
  const { ports } = group.container;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: partMetadata(record, serviceName(record), owner),
    spec: {
      ...(ports.length === 0
        ? { clusterIP: "None", publishNotReadyAddresses: true }
        : { type: "ClusterIP" }),
      selector: podSelector(record, group.role),
      ports: toPorts(ports, isLinked(record.plan)),
    },
  };
}

/**
 * The Service that exposes the ports of an `external` job outside the cluster; undefined for others. It has the user's ports only:
 * what workers and others inside use stays inside.
 */
export function toExternalService(
  record: JobRecord,
  { owner, externalService }: Pick<ManifestSetting, "owner" | "externalService">,
): V1Service | undefined {
  const group = servedGroup(record.plan);
  if (!group || !record.plan.external || group.container.ports.length === 0) return undefined;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: partMetadata(record, externalServiceName(record), owner),
    spec: {
      type: externalService,
      selector: podSelector(record, group.role),
      ports: group.container.ports.map(({ name, servicePort, containerPort }) =>
        toPort(name, servicePort, containerPort),
      ),
    },
  };
}

/** The group that the job's name leads to: the master where workers look for one, else the one with ports. */
function servedGroup({ groups }: JobPlan): UnitGroup | undefined {
  return isLinked({ groups })
    ? groups.find(({ role }) => role === "master")
    : groups.find(({ container }) => container.ports.length > 0);
}

/** Every service port; its container port too where that is free, as inside a job either is used; and the master's. */
function toPorts(ports: readonly ServicePort[], linked: boolean): V1ServicePort[] {
  const result = ports.map(({ name, servicePort, containerPort }) =>
    toPort(name, servicePort, containerPort),
  );
  const add = (name: string, port: number): void => {
    const same = result.find((other) => other.port === port);
    if (!same) result.push(toPort(freeName(name, result), port, port));
  };
  if (linked) {
    const taken = ports.find(
      ({ servicePort, containerPort }) =>
        servicePort === MASTER_PORT && containerPort !== MASTER_PORT,
    );
    if (taken) {
      throw new ManagerError(
        "SPEC_INVALID",
        `The port ${taken.name} has the service port ${MASTER_PORT}, at which workers reach the master.`,
        { hint: "Choose another service port.", details: { port: taken.name } },
      );
    }
    add(MASTER_PORT_NAME, MASTER_PORT);
  }
  for (const { containerPort } of ports) add(`own-${containerPort}`, containerPort);
  return result;
}

function toPort(name: string, port: number, targetPort: number): V1ServicePort {
  return { name, port, targetPort, protocol: "TCP" };
}

/** The name, with a number where a port of the user's has it. */
function freeName(name: string, ports: readonly V1ServicePort[]): string {
  const taken = new Set(ports.map((port) => port.name));
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  return free;
}
