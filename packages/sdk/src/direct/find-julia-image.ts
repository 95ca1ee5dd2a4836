import { DockerClient, resolveDockerHost } from "@juliarun/backend-docker";
import { isManagerError } from "@juliarun/core";

/** Julia's official image, of its newest release. */
export const OFFICIAL_JULIA_IMAGE = "julia:1";

/** Nobody waits longer for a proposal. */
const TIMEOUT_MS = 3000;

/**
 * The image for a new configuration: {@link OFFICIAL_JULIA_IMAGE}, or where the engine lacks it the newest image that the engine has
 * of a repository named `julia`. Where no engine answers or none has such an image: the official one, which is pulled when it is needed.
 * @param env - names the engine, by `DOCKER_HOST` and the like.
 */
export async function findJuliaImage(
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  try {
    const client = new DockerClient(resolveDockerHost({ env }));
    // A pattern's star does not cross a slash.
    const filters = { reference: ["julia", "*/julia", "*/*/julia"] };
    const images = await client.call(
      "to list images of Julia",
      async (docker) => docker.listImages({ filters: JSON.stringify(filters) }),
      { timeoutMs: TIMEOUT_MS },
    );
    const newestFirst = images.toSorted((one, other) => other.Created - one.Created);
    const tags = newestFirst.flatMap(({ RepoTags }) => RepoTags ?? []);
    return tags.includes(OFFICIAL_JULIA_IMAGE)
      ? OFFICIAL_JULIA_IMAGE
      : (tags[0] ?? OFFICIAL_JULIA_IMAGE);
  } catch (error) {
    if (isManagerError(error)) return OFFICIAL_JULIA_IMAGE;
    throw error;
  }
}
