import { randomBytes } from "node:crypto";
import {
  ManagerError,
  type Registries,
  type VolumeAccess,
  type VolumeRun,
  type VolumeShell,
} from "@juliarun/core";
import type { V1Job, V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { KubeClient } from "./client.ts";
import { execProgram } from "./exec-program.ts";
import { toCopyJob, toCopySecret } from "./manifests/copy-job.ts";
import { CONTAINER, LABEL, selector } from "./manifests/labels.ts";
import { isStorageSource, volumeClaimName } from "./manifests/persistent-volume.ts";
import { awaitPod } from "./await-pod.ts";

/**
 * A pod with a volume, of a Job that the cluster removes by itself when its maker does not.
 * @throws ManagerError VOLUME_NOT_FOUND, IMAGE_NOT_FOUND, FORBIDDEN, QUOTA_EXCEEDED, TIMED_OUT when it does not start.
 */
export async function openVolumeShell(
  client: KubeClient,
  access: VolumeAccess,
  registries?: Registries,
  signal?: AbortSignal,
): Promise<VolumeShell> {
  const { volume, source, images } = access;
  const [image] = images;
  if (!image) {
    throw new ManagerError(
      "IMAGE_NOT_FOUND",
      `The configuration has no image to open volume ${volume} with.`,
      { hint: "Name an image with a shell and tar in the configuration's `images`." },
    );
  }
  if (source.kind === "gitrepo") {
    throw new ManagerError(
      "CAPABILITY_UNSUPPORTED",
      `Volume ${volume} of kind gitrepo is a clone of each pod's own.`,
    );
  }
  if (isStorageSource(source)) await checkClaim(client, volume, signal);
  const name = `juliarun-cp-${randomBytes(5).toString("hex")}`;
  const registry = registries?.of(image.image);
  const login = registry?.secret === undefined ? await registries?.login(image.image) : undefined;
  const later = login !== undefined;
  const pull = { secret: registry?.secret ?? (later ? name : undefined), later };
  const job = toCopyJob(client.namespace, name, { ...access, source }, image, pull);
  const shell = new KubeVolumeShell(client, name);
  try {
    // Not to be cut short: a Job that is made must be known, so that it can be removed.
    const made = await client.create<V1Job>(client.path("jobs"), job);
    if (registry && login) {
      await client.create(
        client.path("secrets"),
        toCopySecret(made.metadata ?? {}, registry.registry, login),
      );
      await client.patch(client.path("jobs", name), { spec: { suspend: false } });
    }
    await shell.start(access, signal);
    return shell;
  } catch (error) {
    await shell.close();
    throw error;
  }
}

async function checkClaim(
  client: KubeClient,
  volume: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const claim = volumeClaimName(volume);
  const path = client.path("persistentvolumeclaims", claim);
  if (await client.find<V1PersistentVolumeClaim>(path, { signal })) return;
  throw new ManagerError(
    "VOLUME_NOT_FOUND",
    `Volume ${volume} has no PersistentVolumeClaim ${claim} in namespace ${client.namespace}.`,
    { hint: `Have an administrator run \`jrun storage apply ${volume}\`.` },
  );
}

class KubeVolumeShell implements VolumeShell {
  readonly #client: KubeClient;
  readonly #name: string;
  #pod = "";
  #closed: Promise<void> | undefined;

  constructor(client: KubeClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  async start(access: VolumeAccess, signal?: AbortSignal): Promise<void> {
    this.#pod = await awaitPod(this.#client, this.#selector(), access, signal);
  }

  async run(
    command: readonly string[],
    input: AsyncIterable<Uint8Array>,
    signal?: AbortSignal,
  ): Promise<VolumeRun> {
    return execProgram(this.#client, this.#pod, CONTAINER, command, input, signal);
  }

  async close(): Promise<void> {
    this.#closed ??= this.#remove();
    return this.#closed;
  }

  /** One that stays ends by itself. */
  async #remove(): Promise<void> {
    const query = { labelSelector: this.#selector() };
    await this.#client
      .delete(this.#client.path("jobs"), { query, propagation: "Background" })
      .catch(() => undefined);
  }

  #selector(): string {
    return selector({ [LABEL.copy]: this.#name });
  }
}
