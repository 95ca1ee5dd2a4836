import type { Readiness } from "../plan/job-plan.ts";
import type { Ports } from "../spec/ports.ts";

/** Ready when the first port accepts connections, or answers at the path; undefined without ports. */
export function firstPort(
  ports: Readonly<Ports>,
  path?: string,
  name = Object.keys(ports)[0] ?? "",
): Readiness | undefined {
  const port = ports[name]?.[0];
  if (port === undefined) return undefined;
  return path === undefined ? { kind: "tcp", port } : { kind: "http", port, path };
}
