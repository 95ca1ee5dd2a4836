import { setTimeout as delay } from "node:timers/promises";
import {
  cloneFailure,
  gitClone,
  gitImage,
  ManagerError,
  type ContainerPlan,
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
import { readGitToken } from "./git-token.ts";
import type { Images } from "./images.ts";
import { LABEL } from "./labels.ts";
import { LogFrames } from "./log-frames.ts";
import type { Networks } from "./networks.ts";
import { toArchive, type UserNumbers } from "./placed-files.ts";
import { mountedRepositories } from "./volumes.ts";

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

const TARGET = "/juliarun/git";
const TOKEN_FILE = "/juliarun/token";
/** Pauses between tries: a server that restarts is back by then. */
const PAUSES_MS = [1000, 5000];
const LOG_LINES = 20;

/**
 * Refuses a repository that cannot be cloned as it is configured, and makes sure of the image.
 * @throws ManagerError CAPABILITY_UNSUPPORTED, CONFIG_INVALID, IMAGE_NOT_FOUND.
 */
export async function prepareClone(
  { images, env }: Pick<GitParts, "images" | "env">,
  [volume, source]: readonly [volume: string, source: GitSource],
  onProgress?: Parameters<Images["ensure"]>[1],
  signal?: AbortSignal,
): Promise<void> {
  gitClone(volume, source, { target: TARGET, tokenFile: TOKEN_FILE });
  await readGitToken(volume, source, env);
  await images.ensure(gitImage(source), onProgress, signal);
}

/**
 * Clones the repositories that a unit mounts into volumes of its container's own.
 * @throws ManagerError VOLUME_NOT_FOUND with git's words when one cannot be cloned.
 */
export async function cloneRepositories(
  parts: GitParts,
  unit: CloningUnit,
  signal?: AbortSignal,
): Promise<void> {
  const sources = new Map(mountedRepositories(unit.record.plan));
  const mounts = unit.group.container.mounts.filter(({ volume }) => sources.has(volume));
  if (mounts.length === 0) return;
  const { Mounts } = await parts.client.call(
    "to look at a container",
    async (docker) => docker.getContainer(unit.id).inspect(),
    { signal },
  );
  await Promise.all(
    mounts.map(async (mount) => {
      const source = sources.get(mount.volume);
      const target = Mounts.find(({ Destination }) => Destination === mount.path)?.Name;
      if (source && target !== undefined)
        await cloneOne(parts, unit, { mount, source, target }, signal);
    }),
  );
}

/** Removes what clones of a job's units have left, where whoever made them was killed. */
export async function removeClones(client: DockerClient, { uid }: JobRecord): Promise<void> {
  const label = [`${LABEL.uid}=${uid}`, `${LABEL.helper}=${HELPER}`];
  const left = await client.call("to list containers", async (docker) =>
    docker.listContainers({ all: true, filters: { label } }),
  );
  for (const { Id } of left) await removeHelper(client, Id);
  const { Volumes } = await client.call("to list volumes", async (docker) =>
    docker.listVolumes({ filters: { label: [`${LABEL.uid}=${uid}`] } }),
  );
  for (const { Name } of Volumes) {
    await client
      .call("to remove a volume", async (docker) => docker.getVolume(Name).remove())
      // Gone, or still in use by a container that is being removed, and then removed with it.
      .catch(() => undefined);
  }
}

const HELPER = "git";

interface Clone {
  readonly mount: Mount;
  readonly source: GitSource;
  /** The volume that is filled. */
  readonly target: string;
}

async function cloneOne(
  parts: GitParts,
  unit: CloningUnit,
  clone: Clone,
  signal?: AbortSignal,
): Promise<void> {
  const pauses = unit.group.restart.policy === "never" ? [] : PAUSES_MS;
  for (const pause of [...pauses, undefined]) {
    const words = await runGit(parts, unit, clone, signal);
    if (words === undefined) return;
    if (pause === undefined) {
      const { volume } = clone.mount;
      throw new ManagerError("VOLUME_NOT_FOUND", cloneFailure(clone.source.repository, words), {
        hint: "Correct the volume's repository, ref or credential in the configuration.",
        details: { volume, repository: clone.source.repository },
      });
    }
    await delay(pause, undefined, signal ? { signal } : {});
  }
}

/** Undefined when it has cloned; else what git said. */
async function runGit(
  parts: GitParts,
  unit: CloningUnit,
  clone: Clone,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { client, env } = parts;
  const token = await readGitToken(clone.mount.volume, clone.source, env);
  const container = await makeHelper(parts, unit, clone, signal);
  try {
    if (token !== undefined) {
      const file = { path: TOKEN_FILE, mode: 0o400, content: Buffer.from(token), ...unit.user };
      const archive = await toArchive([file]);
      await client.call("to place a token", async () =>
        container.putArchive(archive, { path: "/" }),
      );
    }
    await client.call("to start a container for git", async () => container.start(), { signal });
    const { StatusCode } = await client.call<{ StatusCode: number }>(
      "to wait for git",
      async () => container.wait() as Promise<{ StatusCode: number }>,
      { signal, timeoutMs: 0 },
    );
    return StatusCode === 0 ? undefined : await lastWords(client, container, StatusCode);
  } finally {
    await removeHelper(client, container.id);
  }
}

/** It has the rights and the resources of the unit, and nothing of it but the volume. */
async function makeHelper(
  parts: GitParts,
  { record, group, name, user }: CloningUnit,
  { mount, source, target }: Clone,
  signal?: AbortSignal,
): Promise<Dockerode.Container> {
  const { client, images, networks } = parts;
  const { script, env } = gitClone(mount.volume, source, { target: TARGET, tokenFile: TOKEN_FILE });
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
      [LABEL.helper]: HELPER,
    },
    HostConfig: await hostConfig(parts, group.container, target, {
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
        await removeHelper(client, options.name ?? "");
        return create();
      default:
        throw error;
    }
  }
}

async function hostConfig(
  { info }: GitParts,
  container: ContainerPlan,
  target: string,
  { network }: { readonly network: string },
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
        Target: TARGET,
        VolumeOptions: { NoCopy: true, Labels: {}, DriverConfig: driver },
      },
    ],
    LogConfig: LOG_CONFIG,
    PidsLimit: PIDS_LIMIT,
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges:true"],
  };
}

async function lastWords(
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

/** Gone, or being removed, is fine. */
async function removeHelper(client: DockerClient, id: string): Promise<void> {
  await client
    .call("to remove a container", async (docker) =>
      docker.getContainer(id).remove({ v: true, force: true }),
    )
    .catch(() => undefined);
}
