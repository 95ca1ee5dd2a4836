import type Docker from "dockerode";
import { canInstallPackages, installPackages, isOnPath } from "../engine/debian.ts";
import { canBuildImages, inspectImage, pullImage } from "../images/index.ts";
import { Problem } from "../progress/problem.ts";
import type { Progress } from "../progress/progress.ts";
import { buildNodeImage, nodeRecipeHash } from "./build-node-image.ts";
import { ensureKind } from "./kind.ts";
import { metricsServerImage, versions } from "./versions.ts";

/** An image that kind makes nodes of. */
export interface NodeImage {
  readonly reference: string;
  /** Built by this project, so without systemd and with a network of its own; or kind's own. */
  readonly source: "built" | "pulled";
}

/**
 * A node image, and a kind that knows it: kind's own where it is present or a registry answers, else one that is built. Needs no
 * cluster, so it can start long before one is wanted. A second call takes no time.
 */
export async function prepareNodeImage(docker: Docker, progress: Progress): Promise<NodeImage> {
  if (!isOnPath("docker")) {
    if (!canInstallPackages()) throw new Problem("kind needs the docker command on the PATH.");
    await installPackages(["docker-cli"], progress);
  }
  const image = await findNodeImage(docker, progress);
  await ensureKind(progress);
  return image;
}

async function findNodeImage(docker: Docker, progress: Progress): Promise<NodeImage> {
  const built: NodeImage = {
    reference: `jrun/kind-node:${await nodeRecipeHash()}`,
    source: "built",
  };
  if (await inspectImage(docker, built.reference)) return built;
  const reason = await pullMissing(docker, [versions.nodeImage, metricsServerImage], progress);
  if (reason === undefined) return { reference: versions.nodeImage, source: "pulled" };
  if (!canBuildImages()) {
    throw new Problem(
      `There is no image for a Kubernetes node: ${reason}, and building one needs Linux with mmdebstrap.\n` +
        "Or name the kubeconfig of a cluster for tests in JRUN_TEST_KUBECONFIG.",
    );
  }
  await buildNodeImage(docker, built.reference, progress);
  return built;
}

async function pullMissing(
  docker: Docker,
  references: readonly string[],
  progress: Progress,
): Promise<string | undefined> {
  for (const reference of references) {
    if (await inspectImage(docker, reference)) continue;
    const reason = await pullImage(docker, reference, progress);
    if (reason !== undefined) return `${reference} cannot be pulled (${reason})`;
  }
  return undefined;
}
