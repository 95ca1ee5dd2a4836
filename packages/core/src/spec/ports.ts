import { z } from "zod";
import { ManagerError } from "../errors/manager-error.ts";
import type { ServicePort } from "../plan/job-plan.ts";
import { parsedBy } from "../schema/parsed-by.ts";

/** Ports by name: what the container listens on, and what others connect to (the manual's `ports`). */
export type Ports = Record<string, [containerPort: number, servicePort: number]>;

// What Kubernetes allows for the name of a container's port.
const NAME = /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;
const MAX_NAME_LENGTH = 15;

function fail(message: string): never {
  throw new ManagerError("SPEC_INVALID", message);
}

function portNumber(value: string | number): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    fail(`must hold port numbers from 1 to 65535, not ${JSON.stringify(value)}`);
  }
  return port;
}

function checked(
  entries: readonly (readonly [name: string, containerPort: number, servicePort: number])[],
): Ports {
  const ports: Ports = {};
  const taken = new Map<number, string>();
  for (const [name, containerPort, servicePort] of entries) {
    if (!NAME.test(name) || name.length > MAX_NAME_LENGTH) {
      fail(
        `must name ports by at most ${MAX_NAME_LENGTH} lower-case letters, digits and inner hyphens, with a letter, not ${JSON.stringify(name)}`,
      );
    }
    if (Object.hasOwn(ports, name)) fail(`names the port ${name} twice`);
    const other = taken.get(servicePort);
    if (other !== undefined)
      fail(`has the service port ${servicePort} twice: ${other} and ${name}`);
    taken.set(servicePort, name);
    ports[name] = [containerPort, servicePort];
  }
  return ports;
}

function fromItem(item: string): readonly [string, number, number] {
  const parts = item.split(":").map((part) => part.trim());
  const name = /^\d*$/.test(parts[0] ?? "") ? undefined : parts.shift();
  const [first, second, ...rest] = parts;
  if (!first || second === "" || rest.length > 0) {
    fail(
      `must be like http:80:8080 (name, container port, service port), not ${JSON.stringify(item)}`,
    );
  }
  const containerPort = portNumber(first);
  return [name ?? `port${containerPort}`, containerPort, portNumber(second ?? first)];
}

/**
 * Ports from the manual's text (HTTP API, `submitJob`): `http:80:80,https:443:443`. Without a name it is `port` and
 * the container port (`80:80`); with one number only, container and service port are the same (`http:80`, `80`).
 * @throws ManagerError SPEC_INVALID for bad names and numbers, and for a name or a service port that comes twice.
 */
export function parsePorts(text: string): Ports {
  return checked(text.trim() === "" ? [] : text.split(",").map((item) => fromItem(item)));
}

/** The text that {@link parsePorts} reads: `http:80:8080,https:443:443`. */
export function formatPorts(ports: Readonly<Ports>): string {
  return Object.entries(ports)
    .map(([name, [containerPort, servicePort]]) => `${name}:${containerPort}:${servicePort}`)
    .join(",");
}

/** Ports as a plan lists them. */
export function toServicePorts(ports: Readonly<Ports>): ServicePort[] {
  return Object.entries(ports).map(([name, [containerPort, servicePort]]) => ({
    name,
    containerPort,
    servicePort,
  }));
}

const number = z.union([z.number(), z.string()]);
const pair = z.union([number, z.tuple([number]), z.tuple([number, number])]);

/** Ports as a record of `[containerPort, servicePort]`, or as the manual's text, also in several pieces; output: the record. */
export const portsSchema = z
  .union([z.string(), z.array(z.string()), z.record(z.string(), pair)], {
    error: 'must be like "http:80:8080" or { "http": [80, 8080] }',
  })
  .transform(
    parsedBy((value): Ports => {
      if (typeof value === "string") return parsePorts(value);
      if (Array.isArray(value)) return parsePorts(value.join(","));
      return checked(
        Object.entries(value).map(([name, numbers]) => {
          const [containerPort, servicePort] = Array.isArray(numbers) ? numbers : [numbers];
          return [
            name,
            portNumber(containerPort),
            portNumber(servicePort ?? containerPort),
          ] as const;
        }),
      );
    }),
  );
