import {
  findPlugin,
  formatCapacity,
  isManagerError,
  type Context,
  type FoundConfig,
} from "@juliarun/sdk";
import type { Session } from "../session.ts";
import { fail, ok, warn, type Finding } from "./finding.ts";

/** What a job gets that asks for nothing. */
const SMALLEST = { cpuMillis: 100, memoryBytes: 512 * 2 ** 20 };

/** The cluster and what jobs find on it. */
export async function examineEngine(session: Session, found: FoundConfig): Promise<Finding[]> {
  try {
    const context = await session.context();
    const findings = await examineCluster(context, session.signal);
    return [...findings, ...(await examineKind(session, found, context))];
  } catch (error) {
    if (!isManagerError(error) || session.signal.aborted) throw error;
    return [fail("engine", error.message, error.hint)];
  }
}

/** What only this kind of cluster has. Loads the client of its kind only. */
async function examineKind(
  session: Session,
  found: FoundConfig,
  context: Context,
): Promise<Finding[]> {
  const plugin = findPlugin("backend", found.config.clustertype);
  const id = plugin?.type === "built-in" ? plugin.id : undefined;
  if (id === "docker") {
    const { examineDockerEngine } = await import("./examine-docker-engine.ts");
    return examineDockerEngine(session, found);
  }
  if (id !== "kubernetes") return [];
  const { examineKubernetes } = await import("./examine-kubernetes.ts");
  return examineKubernetes(session, found, context);
}

async function examineCluster(context: Context, signal: AbortSignal): Promise<Finding[]> {
  const status = await context.status({ verbose: true, signal });
  if (!status.up) throw status.error;
  const { kind, version, address, nodes } = status.cluster;
  const engine = ok("engine", `${kind} ${version} at ${address}`);
  const ready = nodes.filter((node) => node.ready);
  const room = ready.some(
    ({ capacity }) =>
      capacity.cpuMillis >= SMALLEST.cpuMillis && capacity.memoryBytes >= SMALLEST.memoryBytes,
  );
  const sizes = ready
    .map(({ name, capacity }) => `${name}: ${formatCapacity(capacity)}`)
    .join("; ");
  if (room) return [engine, ok("capacity", sizes)];
  if (kind !== "kubernetes")
    return [
      engine,
      fail(
        "capacity",
        sizes === "" ? "no node is ready" : sizes,
        "A job needs 0.1 CPU and 512Mi: raise `compute.capacity`.",
      ),
    ];
  // Nodes may come with jobs, and not everybody may see them.
  return [
    engine,
    nodes.length === 0
      ? ok("capacity", "unknown: you may not list the nodes, or there are none yet")
      : warn(
          "capacity",
          sizes === "" ? "no node is ready" : sizes,
          "A job needs 0.1 CPU and 512Mi: jobs wait until there is such a node.",
        ),
  ];
}
