import { randomBytes } from "node:crypto";
import { ManagerError, RUNTIME_DIR, type RuntimeBundle } from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";
import { LABEL, MANAGED } from "./labels.ts";
import { runtimeVolumeName } from "./names.ts";
import { toArchive } from "./placed-files.ts";

/** A filling younger than this may still be under way or about to be used. */
const STALE_MS = 600_000;

interface VolumeSummary {
  readonly Name: string;
  readonly CreatedAt?: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

/**
 * The volume with the runtime bundle. Volumes cannot be renamed and their labels never change, so every filling has a name
 * of its own, and a second, empty volume made afterwards says that it is complete: a filling that was killed is never used.
 * Who mounts it asks {@link RuntimeVolume.isIntact} once the container holds it: had somebody pruned the volume, the engine made an
 * empty one, which has no labels.
 */
export class RuntimeVolume {
  readonly #client: DockerClient;
  readonly #bundle: RuntimeBundle;
  #name: Promise<string> | undefined;

  constructor(client: DockerClient, bundle: RuntimeBundle) {
    this.#client = client;
    this.#bundle = bundle;
  }

  /**
   * Name of a complete volume, found or filled once per process.
   * @param image - any image that is there: filling needs a container, which never runs.
   */
  async ensure(image: string): Promise<string> {
    if (!this.#name) {
      const name = this.#find().then(async (found) => found ?? this.#fill(image));
      this.#name = name;
      name.catch(() => this.forget());
    }
    return this.#name;
  }

  /** It turned out to be gone. */
  forget(): void {
    this.#name = undefined;
  }

  /** Whether the volume of that name is the one that was filled, not one that the engine made when a container asked for it. */
  async isIntact(name: string): Promise<boolean> {
    try {
      const volume: VolumeSummary = await this.#client.call(
        `to look up volume ${name}`,
        async (docker) => docker.getVolume(name).inspect(),
      );
      return volume.Labels?.[LABEL.runtime] === this.#bundle.hash;
    } catch (error) {
      if (engineStatus(error) === 404) return false;
      throw error;
    }
  }

  async #find(): Promise<string | undefined> {
    return findComplete(await this.#list(), this.#bundle.hash);
  }

  async #fill(image: string): Promise<string> {
    const name = runtimeVolumeName(this.#bundle.hash, randomBytes(4).toString("hex"));
    const labels = { [LABEL.managed]: "true", [LABEL.runtime]: this.#bundle.hash };
    await this.#createVolume(name, labels);
    const filler = await this.#client.call(`to make container ${name}`, async (docker) =>
      docker.createContainer({
        name,
        Image: image,
        Cmd: ["never-started"],
        Labels: { [LABEL.managed]: "true", [LABEL.helper]: "filler" },
        HostConfig: {
          NetworkMode: "none",
          Mounts: [
            {
              Type: "volume",
              Source: name,
              Target: RUNTIME_DIR,
              VolumeOptions: {
                NoCopy: true,
                Labels: {},
                DriverConfig: { Name: "local", Options: {} },
              },
            },
          ],
        },
      }),
    );
    try {
      const archive = await this.#archive();
      await this.#client.call(`to fill volume ${name}`, async () =>
        filler.putArchive(archive, { path: "/" }),
      );
      if (!(await this.isIntact(name))) throw vanished(name);
      await this.#createVolume(`${name}-complete`, { ...labels, [LABEL.runtimeComplete]: name });
    } finally {
      await this.#removeContainer(filler.id);
    }
    await this.#removeStale(name);
    return name;
  }

  async #archive(): Promise<Buffer> {
    const folders = new Set<string>();
    for (const { path } of this.#bundle.files) {
      const parts = path.split("/").slice(0, -1);
      for (const index of parts.keys()) folders.add(parts.slice(0, index + 1).join("/"));
    }
    return toArchive([
      ...[...folders].map((path) => ({ path: `${RUNTIME_DIR}/${path}`, mode: 0o755 })),
      ...this.#bundle.files.map(({ path, mode, content }) => ({
        path: `${RUNTIME_DIR}/${path}`,
        mode,
        content,
      })),
    ]);
  }

  /** Removes other fillings that nothing uses: of older bundles, doubles, and what killed processes left. Never fails. */
  async #removeStale(current: string): Promise<void> {
    try {
      const before = Date.now() - STALE_MS;
      const fillers = await this.#client.call("to list containers", async (docker) =>
        docker.listContainers({ all: true, filters: { label: [MANAGED, LABEL.helper] } }),
      );
      for (const { Id, Created, State } of fillers) {
        // What runs is no filler: it clones a repository, which may take long.
        if (Created * 1000 < before && State !== "running") await this.#removeContainer(Id);
      }
      for (const { Name, CreatedAt, Labels } of await this.#list()) {
        const belongsTo = Labels?.[LABEL.runtimeComplete] ?? Name;
        if (belongsTo === current || !(Date.parse(CreatedAt ?? "") < before)) continue;
        // Refused while a container has it.
        await this.#client
          .call("to remove a volume", async (docker) => docker.getVolume(Name).remove())
          .catch(() => undefined);
      }
    } catch {
      // The next filling tries again.
    }
  }

  async #list(): Promise<VolumeSummary[]> {
    const { Volumes } = await this.#client.call("to list volumes", async (docker) =>
      docker.listVolumes({ filters: { label: [LABEL.runtime] } }),
    );
    return Volumes;
  }

  async #createVolume(name: string, labels: Record<string, string>): Promise<void> {
    await this.#client.call(`to make volume ${name}`, async (docker) =>
      docker.createVolume({ Name: name, Labels: labels }),
    );
  }

  async #removeContainer(id: string): Promise<void> {
    await this.#client
      .call("to remove a container", async (docker) =>
        docker.getContainer(id).remove({ force: true }),
      )
      // Gone already, or left for the next filling.
      .catch(() => undefined);
  }
}

/** The first complete volume of that hash, so that all processes choose the same. Pure. */
export function findComplete(
  volumes: readonly Pick<VolumeSummary, "Name" | "Labels">[],
  hash: string,
): string | undefined {
  const ours = volumes.filter(({ Labels }) => Labels?.[LABEL.runtime] === hash);
  const names = new Set(ours.map(({ Name }) => Name));
  return ours
    .flatMap(({ Labels }) => Labels?.[LABEL.runtimeComplete] ?? [])
    .filter((name) => names.has(name))
    .toSorted()[0];
}

function vanished(name: string): ManagerError {
  return new ManagerError(
    "STATE_CONFLICT",
    `Volume ${name} was removed by somebody while it was being filled.`,
  );
}
