import { stateFolder, type FoundConfig } from "@juliarun/sdk";
import { examineDocker, type DockerFacts } from "@juliarun/sdk/docker";
import type { Session } from "../session.ts";
import { agentFinding } from "./agent-finding.ts";
import { examineVolumes } from "./examine-volumes.ts";
import { ok, warn, type Finding } from "./finding.ts";

/** A Docker Engine: images, volumes, agent, leftovers. */
export async function examineDockerEngine(
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
    ...(await examineVolumes(found, facts)),
    ...warnings,
    agentFinding(facts.agent, facts.unfinished),
    leftovers(facts),
  ];
}

function leftovers({ leftovers: count }: DockerFacts): Finding {
  if (count === 0) return ok("leftovers", "none");
  return warn(
    "leftovers",
    `${count === 1 ? "1 container of yours belongs" : `${count} containers of yours belong`} to no job`,
    "`docker ps -a --filter label=juliarun.owner` shows them; `docker rm -f` removes them.",
  );
}
