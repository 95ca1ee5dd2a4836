import {
  gitClone,
  gitImage,
  ManagerError,
  type ContainerPlan,
  type GitPlace,
  type GitSource,
  type JobRecord,
  type Mount,
  type UnitGroup,
} from "@juliarun/core";
import type Dockerode from "dockerode";
import type { DockerClient } from "./client.ts";
import { LOG_CONFIG, PIDS_LIMIT, toLimits } from "./container-spec.ts";
import type { DockerHostOptions } from "./docker-host.ts";
import { engineStatus } from "./errors.ts";
import type { Images } from "./images.ts";
import { LABEL, unitVolumeLabels } from "./labels.ts";
import { LogFrames } from "./log-frames.ts";
import type { Networks } from "./networks.ts";
import type { UserNumbers } from "./placed-files.ts";

/** What cloning needs. */
export interface GitParts {
  readonly client: DockerClient;
  readonly owner: () => string;
  /** Where tokens may be. */
  readonly env: DockerHostOptions["env"];
  readonly images: Images;
  readonly networks: Networks;
  readonly info: () => Promise<{ readonly cpus: number }>;
}

/** The unit whose volumes are filled: its container is made and has not started. */
export interface CloningUnit {
  readonly record: JobRecord;
  readonly group: Pick<UnitGroup, "container" | "restart">;
  /** Id and name of its container. */
  readonly id: string;
  readonly name: string;
  /** Who the working trees belong to. */
  readonly user: UserNumbers;
}

/** One volume of a unit that is to be filled. */
export interface Clone {
  readonly mount: Mount;
  readonly source: GitSource;
}

/** Where things are in a container that clones. */
export const GIT_PLACE: GitPlace = { target: "/juliarun/git", tokenFile: "/juliarun/token" };

/** What such containers are labelled as. */
export const GIT_HELPER = "git";

const LOG_LINES = 20;

/** Makes the container that clones: it has the rights and the resources of the unit, and nothing of it but the volume. */
export async function makeGitHelper(
  parts: GitParts,
  unit: CloningUnit,
  { mount, source }: Clone,
  signal?: AbortSignal,
): Promise<Dockerode.Container> {
  const { record, group, name, user } = unit;
  const { client, images, networks } = parts;
  const target = await volumeAt(parts, unit, mount.path, signal);
  const { script, env } = gitClone(mount.volume, source, GIT_PLACE);
  const options: Dockerode.ContainerCreateOptions = {
    name: `${name}_git_${mount.volume}`,
    Image: gitImage(source),
    Entrypoint: ["sh", "-c", script],
    Cmd: [],
    User: `${user.uid}:${user.gid}`,
    WorkingDir: "/",
    Env: Object.entries({ HOME: "/tmp", ...env }).map(([key, value]) => `${key}=${value}`),
    Labels: {
      [LABEL.managed]: "true",
      [LABEL.owner]: parts.owner(),
      [LABEL.namespace]: record.namespace,
      [LABEL.uid]: record.uid,
      [LABEL.helper]: GIT_HELPER,
    },
    HostConfig: await hostConfig(parts, group.container, {
      target,
      labels: unitVolumeLabels(record, parts.owner()),
      network: await networks.ensure(record.namespace),
    }),
  };
  const create = async (): Promise<Dockerode.Container> =>
    client.call("to make a container for git", async (docker) => docker.createContainer(options), {
      signal,
    });
  try {
    return await create();
  } catch (error) {
    switch (engineStatus(error)) {
      case 404:
        await images.ensure(gitImage(source), undefined, signal);
        return create();
      case 409:
        // Of somebody who was killed.
        await removeGitHelper(client, options.name ?? "");
        return create();
      default:
        throw error;
    }
  }
}

/** Name of the volume that the unit's container has there; it goes with that container. */
async function volumeAt(
  { client }: GitParts,
  { id, name }: CloningUnit,
  path: string,
  signal?: AbortSignal,
): Promise<string> {
  const { Mounts } = await client.call(
    "to look at a container",
    async (docker) => docker.getContainer(id).inspect(),
    { signal },
  );
  const target = Mounts.find(({ Destination }) => Destination === path)?.Name;
  if (target !== undefined) return target;
  throw new ManagerError("INTERNAL", `Container ${name} has no volume at ${path}.`);
}

interface HelperSetting {
  /** The volume that is filled. */
  readonly target: string;
  readonly labels: Record<string, string>;
  readonly network: string;
}

async function hostConfig(
  { info }: GitParts,
  container: ContainerPlan,
  { target, labels, network }: HelperSetting,
): Promise<Dockerode.HostConfig> {
  const resources = { ...container.resources, gpus: 0 };
  const driver = { Name: "local", Options: {} };
  return {
    ...toLimits({ ...container, resources }, (await info()).cpus),
    NetworkMode: network,
    Mounts: [
      {
        Type: "volume",
        Source: target,
        Target: GIT_PLACE.target,
        // Should the unit's container go just now, and its volume with it: a new one can be found and removed.
        VolumeOptions: { NoCopy: true, Labels: labels, DriverConfig: driver },
      },
    ],
    LogConfig: LOG_CONFIG,
    PidsLimit: PIDS_LIMIT,
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges:true"],
  };
}

/** Why git failed, as it said itself. */
export async function lastWords(
  client: DockerClient,
  container: Dockerode.Container,
  exitCode: number,
): Promise<string> {
  const log = await client.call("to read what git said", async () =>
    container.logs({ stdout: true, stderr: true, timestamps: true, tail: LOG_LINES }),
  );
  const lines: string[] = [];
  const frames = new LogFrames((_stream, _time, bytes) => {
    const line = Buffer.from(bytes).toString("utf8").trim();
    if (line !== "") lines.push(line);
  });
  frames.push(log);
  frames.end();
  const fatal = lines.findLast((line) => /^(fatal|error): /.test(line));
  return fatal ?? lines.at(-1) ?? `exit code ${exitCode}`;
}

/** Removes a container that clones, or has. Gone, or being removed, is fine. */
export async function removeGitHelper(client: DockerClient, id: string): Promise<void> {
  await client
    .call("to remove a container", async (docker) =>
      docker.getContainer(id).remove({ v: true, force: true }),
    )
    .catch(() => undefined);
}
