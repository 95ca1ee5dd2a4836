import {
  findPlugin,
  formatCapacity,
  isManagerError,
  stateFolder,
  type Context,
  type FoundConfig,
} from "@juliarun/sdk";
import { examineDocker, type DockerFacts } from "@juliarun/sdk/docker";
import type { Session } from "../session.ts";
import { examineVolumes } from "./examine-volumes.ts";
import { fail, ok, warn, type Finding } from "./finding.ts";

/** What a job gets that asks for nothing. */
const SMALLEST = { cpuMillis: 100, memoryBytes: 512 * 2 ** 20 };

/** The cluster and what jobs find on it. */
export async function examineEngine(session: Session, found: FoundConfig): Promise<Finding[]> {
  try {
    const context = await session.context();
    const findings = await examineCluster(context, session.signal);
    return isDocker(found)
      ? [...findings, ...(await examineDockerEngine(session, found))]
      : findings;
  } catch (error) {
    if (!isManagerError(error) || session.signal.aborted) throw error;
    return [fail("engine", error.message, error.hint)];
  }
}

function isDocker({ config }: FoundConfig): boolean {
  const plugin = findPlugin("backend", config.clustertype);
  return plugin?.type === "built-in" && plugin.id === "docker";
}

async function examineCluster(context: Context, signal: AbortSignal): Promise<Finding[]> {
  const status = await context.status({ verbose: true, signal });
  if (!status.up) return [fail("engine", status.error.message, status.error.hint)];
  const { kind, version, address, nodes } = status.cluster;
  const ready = nodes.filter((node) => node.ready);
  const room = ready.some(
    ({ capacity }) =>
      capacity.cpuMillis >= SMALLEST.cpuMillis && capacity.memoryBytes >= SMALLEST.memoryBytes,
  );
  const sizes = ready
    .map(({ name, capacity }) => `${name}: ${formatCapacity(capacity)}`)
    .join("; ");
  return [
    ok("engine", `${kind} ${version} at ${address}`),
    room
      ? ok("capacity", sizes)
      : fail(
          "capacity",
          sizes === "" ? "no node is ready" : sizes,
          "A job needs 0.1 CPU and 512Mi: raise `compute.capacity`.",
        ),
  ];
}

async function examineDockerEngine(
  { io, signal }: Session,
  found: FoundConfig,
): Promise<Finding[]> {
  const { config } = found;
  const facts = await examineDocker({
    config,
    stateDir: stateFolder(io.env, io.cwd),
    env: io.env,
    signal,
  });
  const images = facts.images.map(({ name, image, present }) =>
    present
      ? ok(`image ${name}`, image)
      : warn(
          `image ${name}`,
          `${image} is not on the engine`,
          `It is pulled when a job needs it; \`docker pull ${image}\` does so now.`,
        ),
  );
  const warnings = facts.warnings.map((message) => warn("records", message, "See the message."));
  return [
    ...images,
    ...(await examineVolumes(found, facts.local)),
    ...warnings,
    agent(facts),
    leftovers(facts),
  ];
}

function agent({ agent: { running, pid, logFile }, unfinished }: DockerFacts): Finding {
  const jobs = unfinished === 1 ? "1 unfinished job" : `${unfinished} unfinished jobs`;
  if (running)
    return ok(
      "agent",
      `runs${pid === undefined ? "" : ` (process ${pid})`}, ${jobs}; log: ${logFile}`,
    );
  if (unfinished === 0) return ok("agent", "none runs, and none is needed: no unfinished jobs");
  return warn(
    "agent",
    `none runs, with ${jobs}`,
    `\`jrun agent\` acts for them; ${logFile} may say why the last one ended.`,
  );
}

function leftovers({ leftovers: count }: DockerFacts): Finding {
  if (count === 0) return ok("leftovers", "none");
  return warn(
    "leftovers",
    `${count === 1 ? "1 container of yours belongs" : `${count} containers of yours belong`} to no job`,
    "`docker ps -a --filter label=juliarun.owner` shows them; `docker rm -f` removes them.",
  );
}
