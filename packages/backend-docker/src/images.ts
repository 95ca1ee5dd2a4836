import {
  isManagerError,
  ManagerError,
  registryOf,
  splitReference,
  type Progress,
} from "@juliarun/core";
import type Dockerode from "dockerode";
import type { DockerClient } from "./client.ts";
import { engineReason, engineStatus } from "./errors.ts";
import { readJsonLines } from "./json-lines.ts";
import { PullProgress } from "./pull-progress.ts";
import type { RegistryAuth, RegistryCredentials } from "./registry-auth.ts";

/** Called with every noticeable step. */
export type OnProgress = (progress: Progress) => void;

/** Images as units need them: there, or pulled once however many ask. */
export class Images {
  readonly #client: DockerClient;
  readonly #auth: RegistryAuth;
  readonly #pulls = new Map<string, Promise<void>>();

  constructor(client: DockerClient, auth: RegistryAuth) {
    this.#client = client;
    this.#auth = auth;
  }

  /**
   * Makes sure that the image is there.
   * @throws ManagerError IMAGE_NOT_FOUND with the engine's reason when it is not and cannot be pulled.
   */
  async ensure(image: string, onProgress?: OnProgress, signal?: AbortSignal): Promise<void> {
    if (await this.inspect(image, signal)) return;
    await this.#pullOnce(image, onProgress, signal);
  }

  /** Undefined where the engine has no such image. */
  async inspect(
    image: string,
    signal?: AbortSignal,
  ): Promise<Dockerode.ImageInspectInfo | undefined> {
    try {
      return await this.#client.call(
        `to look up image ${image}`,
        async (docker) => docker.getImage(image).inspect(),
        { signal },
      );
    } catch (error) {
      const status = engineStatus(error);
      if (status === 404) return undefined;
      if (status === 400) throw notFound(image, engineReason(error), error);
      throw error;
    }
  }

  async #pullOnce(image: string, onProgress?: OnProgress, signal?: AbortSignal): Promise<void> {
    const running = this.#pulls.get(image);
    if (running) return running;
    const pull = this.#pull(image, onProgress, signal).finally(() => this.#pulls.delete(image));
    this.#pulls.set(image, pull);
    return pull;
  }

  async #pull(image: string, onProgress?: OnProgress, signal?: AbortSignal): Promise<void> {
    const { repository, tag } = splitReference(image);
    const authconfig = await this.#auth.of(repository);
    const progress = new PullProgress(image, onProgress);
    try {
      const stream = await this.#client.call(
        `to pull image ${image}`,
        async (docker) =>
          docker.createImage(authconfig, {
            fromImage: repository,
            tag,
            ...(signal ? { abortSignal: signal } : {}),
          }),
        { signal, timeoutMs: 0 },
      );
      for await (const line of readJsonLines(stream)) progress.add(line);
    } catch (error) {
      if (isManagerError(error, "BACKEND_UNREACHABLE") || isManagerError(error, "CANCELLED")) {
        throw error;
      }
      if (signal?.aborted) throw cancelled(image, error);
      throw notPulled(image, authconfig, engineReason(error), error);
    }
    if (progress.error !== undefined) throw notPulled(image, authconfig, progress.error);
    if (!(await this.inspect(image, signal))) {
      throw notFound(image, "it is still missing after it was pulled");
    }
  }
}

function cancelled(image: string, cause: unknown): ManagerError {
  return new ManagerError("CANCELLED", `Cancelled: to pull image ${image}.`, { cause });
}

function notFound(image: string, reason: string, cause?: unknown): ManagerError {
  return new ManagerError(
    "IMAGE_NOT_FOUND",
    `Image ${image} is not on the engine and cannot be pulled: ${reason}`,
    { details: { image }, ...(cause === undefined ? {} : { cause }) },
  );
}

/** Says who asked which registry, never with what: a wrong password is told like a missing image by some registries. */
function notPulled(
  image: string,
  credentials: RegistryCredentials | undefined,
  reason: string,
  cause?: unknown,
): ManagerError {
  const registry = registryOf(image);
  const { username } = credentials ?? {};
  const as = username === undefined ? "" : ` as user ${username} of registry ${registry}`;
  const hint = credentials
    ? `Check the image's name, and the credentials for ${registry}: in \`registries\` of the configuration, or of \`docker login\`.`
    : `Check the image's name. If ${registry} asks for a password, give it in \`registries\` of the configuration.`;
  return new ManagerError(
    "IMAGE_NOT_FOUND",
    `Image ${image} is not on the engine and cannot be pulled${as}: ${reason}`,
    {
      hint,
      details: { image, registry, ...(username === undefined ? {} : { user: username }) },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
