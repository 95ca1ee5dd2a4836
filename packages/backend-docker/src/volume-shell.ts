import { randomBytes } from "node:crypto";
import {
  ManagerError,
  volumePath,
  type VolumeAccess,
  type VolumeImage,
  type VolumeRun,
  type VolumeShell,
} from "@juliarun/core";
import type Dockerode from "dockerode";
import type { DockerClient } from "./client.ts";
import { chooseFolderUser, type UserSetting } from "./container-user.ts";
import { engineStatus } from "./errors.ts";
import { execProgram } from "./exec-program.ts";
import type { Images } from "./images.ts";
import { LABEL } from "./labels.ts";
import { notMountable, toMount } from "./volume-mount.ts";
import { folderMissing } from "./volumes.ts";

/** What opening a volume needs. */
export interface VolumeShellParts {
  readonly client: DockerClient;
  readonly owner: () => string;
  readonly images: Images;
  readonly info: () => Promise<UserSetting["info"]>;
}

const MEMORY_BYTES = 512 * 1024 * 1024;
const PIDS_LIMIT = 128;
/** For its command to remove what is not complete. */
const STOP_SECONDS = 3;
/** An engine that takes longer to remove a container is not waited for. */
const REMOVAL_LIMIT_MS = 15_000;

/**
 * A container with a hostpath or NFS volume, of an image that is there already where possible. It belongs to no job, runs as
 * tasks on that volume do, and the engine removes it when it ends.
 * @throws ManagerError CAPABILITY_UNSUPPORTED for another kind of volume, VOLUME_NOT_FOUND, IMAGE_NOT_FOUND.
 */
export async function openVolumeShell(
  parts: VolumeShellParts,
  namespace: string,
  access: VolumeAccess,
  signal?: AbortSignal,
): Promise<VolumeShell> {
  const { client } = parts;
  const { volume, source } = access;
  if (source.kind !== "hostpath" && source.kind !== "nfs") throw notMountable(volume, source.kind);
  const image = await chooseImage(parts.images, access, signal);
  const { local, socketPath } = client;
  const setting = { info: await parts.info(), local, socketPath };
  const folder = source.kind === "hostpath" ? source.path : undefined;
  const user =
    image.user ?? (folder === undefined ? undefined : await chooseFolderUser(folder, setting));
  const labels = {
    [LABEL.managed]: "true",
    [LABEL.owner]: parts.owner(),
    [LABEL.namespace]: namespace,
    [LABEL.copy]: volume,
  };
  const container = await makeContainer(client, access, {
    name: `jrun_${namespace}_cp_${randomBytes(4).toString("hex")}`,
    Image: image.image,
    Entrypoint: access.command.slice(0, 1),
    Cmd: access.command.slice(1),
    Labels: labels,
    ...(user === undefined ? {} : { User: user }),
  });
  const shell = new DockerVolumeShell(client, container);
  try {
    await client.call("to start a container for a copy", async () => container.start(), { signal });
    return shell;
  } catch (error) {
    await shell.close();
    throw error;
  }
}

async function chooseImage(
  images: Images,
  { images: wanted, volume, onProgress }: VolumeAccess,
  signal?: AbortSignal,
): Promise<VolumeImage> {
  for (const image of wanted) if (await images.inspect(image.image, signal)) return image;
  const [first] = wanted;
  if (!first) {
    throw new ManagerError(
      "IMAGE_NOT_FOUND",
      `The configuration has no image to open volume ${volume} with.`,
      { hint: "Name an image with a shell and tar in the configuration's `images`." },
    );
  }
  await images.ensure(first.image, onProgress, signal);
  return first;
}

async function makeContainer(
  client: DockerClient,
  { volume, source, writable }: VolumeAccess,
  options: Dockerode.ContainerCreateOptions,
): Promise<Dockerode.Container> {
  const mount = { volume, path: volumePath(volume), readOnly: !writable };
  try {
    // Not to be cut short: a container that is made must be known, so that it can be removed.
    return await client.call("to make a container for a copy", async (docker) =>
      docker.createContainer({
        ...options,
        WorkingDir: "/",
        HostConfig: {
          AutoRemove: true,
          NetworkMode: "none",
          Mounts: [toMount(mount, source, { labels: { ...options.Labels }, quotas: false })],
          Memory: MEMORY_BYTES,
          MemorySwap: MEMORY_BYTES,
          PidsLimit: PIDS_LIMIT,
          CapDrop: ["ALL"],
          SecurityOpt: ["no-new-privileges:true"],
          LogConfig: { Type: "none", Config: {} },
        },
      }),
    );
  } catch (error) {
    if (engineStatus(error) === 400 && source.kind === "hostpath")
      throw folderMissing({ volume, path: source.path });
    throw error;
  }
}

class DockerVolumeShell implements VolumeShell {
  readonly #client: DockerClient;
  readonly #container: Dockerode.Container;
  #closed: Promise<void> | undefined;

  constructor(client: DockerClient, container: Dockerode.Container) {
    this.#client = client;
    this.#container = container;
  }

  async run(
    command: readonly string[],
    input: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<VolumeRun> {
    return execProgram(this.#client, this.#container, command, input, signal);
  }

  async close(): Promise<void> {
    this.#closed ??= this.#remove();
    return this.#closed;
  }

  /** Returns when it is gone, so that a name or a folder is free again; one that stays ends by itself. */
  async #remove(): Promise<void> {
    const container = this.#container;
    // Asked before it ends: afterwards the engine may not know it any more.
    const gone = this.#client
      .call("to wait for a container", async () => container.wait({ condition: "removed" }), {
        timeoutMs: REMOVAL_LIMIT_MS,
      })
      .catch(() => undefined);
    await this.#client
      .call("to stop a container", async () => container.stop({ t: STOP_SECONDS }))
      .catch(() => undefined);
    await this.#client
      .call("to remove a container", async () => container.remove({ force: true }))
      .catch(() => undefined);
    await gone;
  }
}
