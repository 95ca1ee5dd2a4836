import { randomBytes } from "node:crypto";
import type { DockerClient } from "./client.ts";
import { engineStatus } from "./errors.ts";
import { LABEL } from "./labels.ts";

/**
 * Whether an engine can bound the size of volumes: only where its data is on a file system with project quotas (`prjquota`). Others
 * refuse a volume with a size, so it is asked by making one.
 */
export class VolumeQuotas {
  readonly #client: DockerClient;
  #supported: Promise<boolean> | undefined;

  constructor(client: DockerClient) {
    this.#client = client;
  }

  /** Asked once per process. @throws ManagerError BACKEND_UNREACHABLE. */
  async supported(): Promise<boolean> {
    if (!this.#supported) {
      const supported = this.#ask();
      this.#supported = supported;
      supported.catch(() => (this.#supported = undefined));
    }
    return this.#supported;
  }

  async #ask(): Promise<boolean> {
    const name = `juliarun-quota-${randomBytes(4).toString("hex")}`;
    try {
      await this.#client.call("to make a volume with a size", async (docker) =>
        docker.createVolume({
          Name: name,
          Driver: "local",
          DriverOpts: { size: "1m" },
          Labels: { [LABEL.managed]: "true", [LABEL.helper]: "quota" },
        }),
      );
    } catch (error) {
      if (engineStatus(error) === undefined) throw error;
      return false;
    }
    await this.#client
      .call("to remove a volume", async (docker) => docker.getVolume(name).remove())
      .catch(() => undefined);
    return true;
  }
}
