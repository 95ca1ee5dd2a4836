import {
  DockerClient,
  LABEL,
  openDockerParts,
  resolveDockerHost,
  VolumeQuotas,
} from "@juliarun/backend-docker";
import type { Config } from "@juliarun/core";
import { loadRuntimeBundle } from "@juliarun/runtime";
import { agentState, type AgentState } from "./agent-control.ts";
import { dockerTarget } from "./agent-target.ts";

/** What there is to know of a Docker Engine and of this user's jobs on it. */
export interface DockerFacts {
  readonly address: string;
  /** Whether the engine's files are this machine's. */
  readonly local: boolean;
  /** Configured images, by the names that jobs use. */
  readonly images: readonly {
    readonly name: string;
    readonly image: string;
    readonly present: boolean;
  }[];
  /** Jobs of all namespaces that are not finished. */
  readonly unfinished: number;
  /** Containers of this user's that belong to no job in the records. */
  readonly leftovers: number;
  /** Whether the engine can bound the size of volumes; undefined where no volume asks for it. */
  readonly volumeQuotas?: boolean;
  readonly agent: AgentState;
  readonly warnings: readonly string[];
}

/** Where to look. */
export interface ExamineDockerOptions {
  readonly config: Config;
  readonly stateDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/** Looks at an engine, and leaves it as it is. @throws ManagerError BACKEND_UNREACHABLE, CONFIG_INVALID. */
export async function examineDocker({
  config,
  stateDir,
  env,
  signal,
}: ExamineDockerOptions): Promise<DockerFacts> {
  const { host, context, capacity } = dockerTarget(config, stateDir, stateDir);
  const target = {
    stateDir,
    capacity,
    ...(host === undefined ? {} : { host }),
    ...(context === undefined ? {} : { context }),
  };
  const client = new DockerClient(resolveDockerHost({ ...target, env }));
  const runtime = await loadRuntimeBundle();
  const { parts, folder, agentLease, owner, warnings } = await openDockerParts({
    ...target,
    env,
    runtime,
    namespace: "default",
  });
  try {
    const records = await parts.store.list();
    const known = new Set(records.map(({ uid }) => uid));
    return {
      address: client.address,
      local: client.local,
      images: await findImages(client, config, signal),
      unfinished: records.filter(({ outcome }) => !outcome).length,
      leftovers: (await ownUids(client, owner(), signal)).filter((uid) => !known.has(uid)).length,
      ...(config.storage.scratch.some((volume) => volume.capacity !== undefined)
        ? { volumeQuotas: await new VolumeQuotas(client).supported() }
        : {}),
      agent: await agentState({ folder, agentLease }),
      warnings,
    };
  } finally {
    await parts.logger.close();
    await parts.engine.close();
    await parts.store.close();
  }
}

async function findImages(
  client: DockerClient,
  config: Config,
  signal?: AbortSignal,
): Promise<DockerFacts["images"]> {
  const present = new Set<string>();
  const listed = await client.call("to list images", async (docker) => docker.listImages(), {
    signal,
  });
  for (const { RepoTags, RepoDigests } of listed)
    for (const name of [...(RepoTags ?? []), ...(RepoDigests ?? [])]) present.add(name);
  return Object.entries(config.images).map(([name, { image }]) => ({
    name,
    image,
    present: [image, `${image}:latest`].some((reference) =>
      present.has(reference.replace(/^docker\.io\/(library\/)?/, "")),
    ),
  }));
}

/** Of the jobs that this user's containers were made for, one entry a container. */
async function ownUids(
  client: DockerClient,
  owner: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const filters = { label: [`${LABEL.owner}=${owner}`, LABEL.uid] };
  const containers = await client.call(
    "to list containers",
    async (docker) => docker.listContainers({ all: true, filters }),
    { signal },
  );
  return containers.flatMap(({ Labels }) => Labels[LABEL.uid] ?? []);
}
