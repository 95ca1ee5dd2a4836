import type { JobPlan } from "@juliarun/core";
import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";
import { LABEL } from "./labels.ts";
import { folderExists, folderMissing, hostFolders, type HostFolder } from "./volumes.ts";

/** Whether the folders of hostpath volumes are there, as the engine sees it. */
export class FolderCheck {
  readonly #client: DockerClient;
  readonly #trustsThisMachine: boolean;

  /** @param trustsThisMachine - what exists here exists for the engine. Off after the engine has refused a container. */
  constructor(client: DockerClient, trustsThisMachine: boolean) {
    this.#client = client;
    this.#trustsThisMachine = trustsThisMachine;
  }

  /** @throws ManagerError VOLUME_NOT_FOUND naming the first folder that is missing. */
  async check(plan: JobPlan, signal?: AbortSignal): Promise<void> {
    const image = plan.groups[0]?.container.image;
    if (image === undefined) return;
    await Promise.all(
      hostFolders(plan).map(async (folder) => {
        if (this.#trustsThisMachine && (await folderExists(folder.path))) return;
        if (!(await this.#engineHas(folder, image, signal))) throw folderMissing(folder);
      }),
    );
  }

  /** The engine refuses a container with a folder that is missing, and nothing else is odd about this one. It never runs. */
  async #engineHas(folder: HostFolder, image: string, signal?: AbortSignal): Promise<boolean> {
    const { path } = folder;
    try {
      const probe = await this.#client.call(
        `to look for folder ${path}`,
        async (docker) =>
          docker.createContainer({
            Image: image,
            Cmd: ["never-started"],
            Labels: { [LABEL.managed]: "true", [LABEL.helper]: "probe" },
            HostConfig: {
              NetworkMode: "none",
              Mounts: [{ Type: "bind", Source: path, Target: "/probe", ReadOnly: true }],
            },
          }),
        { signal },
      );
      await this.#client
        .call("to remove a container", async () => probe.remove({ force: true }))
        .catch(() => undefined);
      return true;
    } catch (error) {
      if (engineStatus(error) === 400) return false;
      // Without the image the engine cannot be asked: the unit's own container will tell.
      if (engineStatus(error) === 404) return true;
      throw error;
    }
  }
}
